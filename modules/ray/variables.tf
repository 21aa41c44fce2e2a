variable "namespace" {
  description = "Namespace of the Ray cluster. It must exist when this is applied."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name of the Ray cluster, which the names of all objects begin with."
  type        = string
  default     = "ray"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.name))
    error_message = "The name has at most 40 characters, because other names are made of it: lower-case letters, digits and hyphens, a letter first and no hyphen at the end."
  }
}

variable "image" {
  description = "Image with Ray 2.52 or newer, the same for all pods, made from `images/ray` or starting from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/ray:0.1.0`."
  }
}

variable "secrets_image" {
  description = "Image with a `python3` that draws the token, for example one made from `images/base`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.secrets_image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/base:0.1.0`."
  }
}

variable "head" {
  description = <<-EOT
    The head: how many processors Ray may give to tasks and actors there (`ray_cpus`; 0 keeps it free for what holds
    the cluster together), the memory of its object store in bytes, and what the pod requests and may take, as
    Kubernetes writes it.
  EOT
  type = object({
    ray_cpus           = optional(number, 1)
    object_store_bytes = optional(number, 100000000)
    cpu                = optional(string, "250m")
    memory             = optional(string, "1Gi")
    memory_limit       = optional(string, "2Gi")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.head.ray_cpus >= 0 && floor(var.head.ray_cpus) == var.head.ray_cpus
    error_message = "`ray_cpus` is a whole number, 0 or more."
  }

  validation {
    condition     = var.head.object_store_bytes >= 78643200 && floor(var.head.object_store_bytes) == var.head.object_store_bytes
    error_message = "Ray's object store has a whole number of bytes, and at least 78643200 (75 MiB)."
  }
}

variable "workers" {
  description = <<-EOT
    The workers: how many `replicas`, each a pod of its own, how many processors Ray may give to tasks and actors on
    each (`ray_cpus`), the memory of its object store in bytes, and what a pod requests and may take, as Kubernetes
    writes it.
  EOT
  type = object({
    replicas           = optional(number, 2)
    ray_cpus           = optional(number, 1)
    object_store_bytes = optional(number, 100000000)
    cpu                = optional(string, "250m")
    memory             = optional(string, "512Mi")
    memory_limit       = optional(string, "1Gi")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.workers.replicas >= 0 && var.workers.replicas <= 100 && floor(var.workers.replicas) == var.workers.replicas
    error_message = "From 0 to 100 workers."
  }

  validation {
    condition     = var.workers.ray_cpus >= 1 && floor(var.workers.ray_cpus) == var.workers.ray_cpus
    error_message = "`ray_cpus` is a whole number, 1 or more: a worker without processors is given nothing to do."
  }

  validation {
    condition     = var.workers.object_store_bytes >= 78643200 && floor(var.workers.object_store_bytes) == var.workers.object_store_bytes
    error_message = "Ray's object store has a whole number of bytes, and at least 78643200 (75 MiB)."
  }
}

variable "environment" {
  description = "Environment variables of all pods. What is secret belongs into `secret_environment`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection(keys(var.environment), local.own_variables)) == 0
    error_message = "The module itself sets ${join(", ", local.own_variables)}: token authentication is on, and the size of the head is `head`."
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
    error_message = "The module itself sets ${join(", ", local.own_variables)}: token authentication is on, and the size of the head is `head`."
  }
}

variable "start_up" {
  description = <<-EOT
    Command that runs on the head each time it has started, once Ray answers: what a head that was lost must be told
    again, such as a Serve configuration. It is tried again until it succeeds, and may find `RAY_ADDRESS` and the
    dashboard on `http://127.0.0.1:8265`. Empty: none.
  EOT
  type        = list(string)
  default     = []
  nullable    = false
}

variable "clients" {
  description = "Labels of the pods of this namespace that may talk to the dashboard, its API and Serve, as alternatives. Empty: every pod of the namespace."
  type        = list(map(string))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for labels in var.clients : try(length(labels) > 0, false)])
    error_message = "Labels without any match every pod: leave the list empty for that."
  }
}

variable "egress" {
  description = <<-EOT
    Whom jobs and Serve applications call, beside Ray itself and the cluster's DNS: labels of pods of the same
    namespace (`pods`), and the `ports` on them. Empty: nobody.
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

variable "dashboard_node_port" {
  description = "Port of every node on which Ray's dashboard is reached. Without one, only the cluster itself reaches it."
  type        = number
  default     = null

  validation {
    condition     = var.dashboard_node_port == null || try(var.dashboard_node_port >= 30000 && var.dashboard_node_port <= 32767 && floor(var.dashboard_node_port) == var.dashboard_node_port, false)
    error_message = "Kubernetes gives Services ports from 30000 to 32767, unless its API server was told otherwise."
  }
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
