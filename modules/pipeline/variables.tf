variable "namespace" {
  description = "Namespace that is made for all of this."
  type        = string
  default     = "pipeline"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "images" {
  description = <<-EOT
    Images of the pipeline's parts: `base`, with a `python3` that draws secrets; `object_storage`; `postgresql`;
    `airflow`, with the DAGs in it; `ray`, with all that jobs and the Serve application import; and `app`.
  EOT
  type = object({
    base           = string
    object_storage = string
    postgresql     = string
    airflow        = string
    ray            = string
    app            = string
  })
  nullable = false

  validation {
    condition = alltrue([for image in values(var.images) :
      can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", image))
    ])
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/airflow:0.1.0`."
  }
}

variable "model" {
  description = "Name of the model that is trained and served."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,62}$", var.model))
    error_message = "A model's name consists of at most 63 lower-case letters, digits and hyphens, with no hyphen first."
  }
}

variable "serve_command" {
  description = "Command, in the image `ray`, that reads from the bucket which version is served, and sends the whole Serve configuration to Ray."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.serve_command) > 0
    error_message = "Without a command nobody tells Ray what to serve: for example [\"python\", \"-m\", \"digits_serving.send\"]."
  }
}

variable "node_address" {
  description = "Address under which users reach a node of the cluster: an IPv4 or IPv6 address, or a host name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s/:\\[\\]]+$", var.node_address)) || can(cidrhost("${var.node_address}/128", 0))
    error_message = "Only the address, without `http://`, port or brackets. `kubectl get nodes -o wide` shows the nodes' addresses."
  }
}

variable "node_ports" {
  description = "Ports of every node on which the application, Airflow and Ray's dashboard are reached."
  type = object({
    app     = optional(number, 30080)
    airflow = optional(number, 30081)
    ray     = optional(number, 30082)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for port in values(var.node_ports) : port >= 30000 && port <= 32767 && floor(port) == port]) && length(distinct(values(var.node_ports))) == 3
    error_message = "Three different ports from 30000 to 32767, which is the range that Kubernetes gives Services unless its API server was told otherwise."
  }
}

variable "storage" {
  description = <<-EOT
    The volumes: the `class` that makes them (without one, the cluster's default), their sizes, and the `access_mode` of
    the task logs: `ReadWriteMany` where Airflow's pods may run on several nodes.
  EOT
  type = object({
    class       = optional(string)
    objects     = optional(string, "10Gi")
    database    = optional(string, "2Gi")
    logs        = optional(string, "2Gi")
    access_mode = optional(string, "ReadWriteOnce")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for size in [var.storage.objects, var.storage.database, var.storage.logs] : can(regex("^[1-9][0-9]*[KMGT]i$", size))])
    error_message = "A size is a whole number with a unit: `500Mi`, `10Gi`."
  }

  validation {
    condition     = contains(["ReadWriteOnce", "ReadWriteMany"], var.storage.access_mode)
    error_message = "The access mode is `ReadWriteOnce` (one node) or `ReadWriteMany` (several nodes)."
  }
}

variable "workers" {
  description = "Ray workers, each a pod of its own. Training divides its data between them."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.workers >= 2 && var.workers <= 100 && floor(var.workers) == var.workers
    error_message = "From 2 to 100 workers: training goes on with one while another is replaced."
  }
}

variable "app_replicas" {
  description = "Replicas of the application. With two, one answers while the other is replaced or its node is drained."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.app_replicas >= 1 && var.app_replicas <= 20 && floor(var.app_replicas) == var.app_replicas
    error_message = "From 1 to 20 replicas. A visitor of the only one waits whenever its node is drained: 2 are better."
  }
}

variable "clients" {
  description = "Labels of further pods of the namespace that may reach the bucket, the model and Ray, as alternatives: those that upload, for example."
  type        = list(map(string))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for labels in var.clients : try(length(labels) > 0, false)])
    error_message = "Labels without any match every pod: leave the list empty if there are no further pods."
  }
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
