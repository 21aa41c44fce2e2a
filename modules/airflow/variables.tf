variable "namespace" {
  description = "Namespace of Airflow and its database. It must exist when this is applied."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name that the names of all objects begin with."
  type        = string
  default     = "airflow"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$", var.name))
    error_message = "The name has at most 30 characters, because other names are made of it: lower-case letters, digits and hyphens, a letter first and no hyphen at the end."
  }
}

variable "image" {
  description = "Image of Airflow 3 with the DAGs in it, made from `images/airflow`. Another one is migrated to, and every component rolls."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/airflow:0.1.0`."
  }
}

variable "secrets_image" {
  description = "Image with a `python3` that draws passwords and keys, for example one made from `images/base`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.secrets_image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/base:0.1.0`."
  }
}

variable "database" {
  description = <<-EOT
    The database. Either `image`, made from `images/postgresql`: then a PostgreSQL of one replica is part of the module,
    with a volume of `size` that the `class` makes (without one, the cluster's default). Or `external`: the `host`,
    `port`, `name` and `user` of one that is there, and the `password_secret` of the same namespace with its
    `password_key`. That password must need no quoting in a URL: letters, digits, hyphens.
  EOT
  type = object({
    image = optional(string)
    size  = optional(string, "2Gi")
    class = optional(string)
    external = optional(object({
      host            = string
      port            = optional(number, 5432)
      name            = optional(string, "airflow")
      user            = optional(string, "airflow")
      password_secret = string
      password_key    = optional(string, "password")
    }))
  })
  nullable = false

  validation {
    condition     = (var.database.image == null) != (var.database.external == null)
    error_message = "Set either `image`, for a PostgreSQL that is part of the module, or `external`, for one that is there."
  }

  validation {
    condition     = var.database.image == null || can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.database.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/postgresql:0.1.0`."
  }

  validation {
    condition     = var.database.external == null || can(regex("^[^\\s/\\[\\]]+$", var.database.external.host))
    error_message = "The host is a name or an address alone, without a scheme, a path or brackets: its port is `port`."
  }

  validation {
    condition     = var.database.external == null || try(var.database.external.port >= 1 && var.database.external.port <= 65535 && floor(var.database.external.port) == var.database.external.port, false)
    error_message = "A port is a whole number from 1 to 65535."
  }

  validation {
    condition     = can(regex("^[1-9][0-9]*[KMGT]i$", var.database.size))
    error_message = "The size is a whole number with a unit: `500Mi`, `2Gi`."
  }
}

variable "logs" {
  description = <<-EOT
    Volume of the task logs: its `size`, the `class` that makes it (without one, the cluster's default), and its
    `access_mode`. `ReadWriteOnce` is enough as long as everything runs on one node; for several nodes the class must
    offer `ReadWriteMany`.
  EOT
  type = object({
    size        = optional(string, "2Gi")
    class       = optional(string)
    access_mode = optional(string, "ReadWriteOnce")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[1-9][0-9]*[KMGT]i$", var.logs.size))
    error_message = "The size is a whole number with a unit: `500Mi`, `2Gi`."
  }

  validation {
    condition     = contains(["ReadWriteOnce", "ReadWriteMany"], var.logs.access_mode)
    error_message = "The access mode is `ReadWriteOnce` (one node) or `ReadWriteMany` (several nodes): tasks write their logs to the volume."
  }
}

variable "replicas" {
  description = "Replicas of each component. Schedulers agree through the database; two of each survive the loss of one."
  type = object({
    api_server    = optional(number, 1)
    scheduler     = optional(number, 1)
    dag_processor = optional(number, 1)
    triggerer     = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for count in values(var.replicas) : count >= 1 && count <= 10 && floor(count) == count])
    error_message = "From 1 to 10 replicas of each component: Airflow 3 needs all four of them."
  }
}

variable "parallelism" {
  description = "Tasks that each scheduler runs at a time, in processes of its own pod (LocalExecutor). Each takes some 150 MiB."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.parallelism >= 1 && var.parallelism <= 64 && floor(var.parallelism) == var.parallelism
    error_message = "From 1 to 64 tasks at a time: raise `resources.scheduler.memory_limit` along with it."
  }
}

variable "environment" {
  description = "Environment variables of all components and tasks, among them Airflow's own settings, `AIRFLOW__SECTION__KEY`. What is secret belongs into `secret_environment`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection(keys(var.environment), local.own_variables)) == 0
    error_message = "The module itself sets executor, parallelism, database, keys, log folder and the API server's address: use its variables for them."
  }
}

variable "secret_environment" {
  description = "Environment variables whose values are in Secrets of the same namespace: the name of the `secret`, and its `key`."
  type = map(object({
    secret = string
    key    = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setintersection(keys(var.secret_environment), keys(var.environment))) == 0
    error_message = "A variable is either in `environment` or in `secret_environment`: Kubernetes takes a name once."
  }

  validation {
    condition     = length(setintersection(keys(var.secret_environment), local.own_variables)) == 0
    error_message = "The module itself sets executor, parallelism, database, keys, log folder and the API server's address: use its variables for them."
  }
}

variable "connections" {
  description = <<-EOT
    Connections that DAGs use, by their ids: type, address, `login`, and the Secret of the same namespace with the
    password. They are part of the environment, and so neither in the database nor on the page of connections. The
    password must need no quoting in JSON: letters, digits, hyphens.
  EOT
  type = map(object({
    conn_type       = string
    host            = optional(string)
    port            = optional(number)
    schema          = optional(string)
    login           = optional(string)
    password_secret = optional(object({ secret = string, key = string }))
    extra           = optional(map(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for id, _ in var.connections : can(regex("^[a-z][a-z0-9_]*$", id))])
    error_message = "An id of a connection consists of lower-case letters, digits and `_`, because it is part of the name of an environment variable."
  }
}

variable "admin" {
  description = "Name of the first account, which may do everything. Its password is drawn in the cluster; the output `admin` tells where it is."
  type        = string
  default     = "admin"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9._-]{0,63}$", var.admin))
    error_message = "The name begins with a letter, and consists of at most 64 letters, digits, `.`, `_` and `-`."
  }
}

variable "node_port" {
  description = "Port of every node on which Airflow's page and API are reached. Without one, only the cluster itself reaches them."
  type        = number
  default     = null

  validation {
    condition     = var.node_port == null || try(var.node_port >= 30000 && var.node_port <= 32767 && floor(var.node_port) == var.node_port, false)
    error_message = "Kubernetes gives Services ports from 30000 to 32767, unless its API server was told otherwise."
  }
}

variable "egress" {
  description = <<-EOT
    Whom tasks call, beside Airflow itself, its database and the cluster's DNS: labels of pods of the same namespace
    (`pods`), and the `ports` on them. Empty: nobody.
  EOT
  type = list(object({
    pods  = map(string)
    ports = list(number)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for rule in var.egress : try(length(rule.pods) > 0 && length(rule.ports) > 0, false)])
    error_message = "A rule names labels and ports: without labels it would mean every pod, and without ports every port."
  }

  validation {
    condition     = alltrue(flatten([for rule in var.egress : [for port in try(coalesce(rule.ports, []), []) : port >= 1 && port <= 65535 && floor(port) == port]]))
    error_message = "A port is a whole number from 1 to 65535, and that of the pods, which may be another one than their Service's."
  }
}

variable "resources" {
  description = <<-EOT
    Processor time and memory of each component, as Kubernetes writes them: what is requested, and the most memory that
    it may take, which is `2Gi` for the scheduler, where the tasks run, and `1Gi` for each other one. The components are
    `api_server`, `scheduler`, `dag_processor`, `triggerer`, `database` and `migration`.
  EOT
  type = map(object({
    cpu          = optional(string, "100m")
    memory       = optional(string, "256Mi")
    memory_limit = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.resources), ["api_server", "scheduler", "dag_processor", "triggerer", "database", "migration"])) == 0
    error_message = "The components are `api_server`, `scheduler`, `dag_processor`, `triggerer`, `database` and `migration`."
  }
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
