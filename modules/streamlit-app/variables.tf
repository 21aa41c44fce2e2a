variable "namespace" {
  description = "Namespace of the application. It must exist when this is applied."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name of the application and of its Service."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "The name has at most 63 characters: lower-case letters, digits and hyphens, a letter first and no hyphen at the end."
  }
}

variable "image" {
  description = "Image of the application, which listens on port 8501, for example `registry.example.com/app:0.1.0`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/app:0.1.0`."
  }
}

variable "environment" {
  description = "Environment variables. What is secret belongs into `secret_environment`."
  type        = map(string)
  default     = {}
  nullable    = false
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
}

variable "replicas" {
  description = "Replicas of the application. With two, one answers while the other is replaced or its node is drained."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 20 && floor(var.replicas) == var.replicas
    error_message = "From 1 to 20 replicas. A visitor of the only one waits whenever its node is drained: 2 are better."
  }
}

variable "node_port" {
  description = "Port of every node on which the application is reached. Without one, only the cluster itself reaches it."
  type        = number
  default     = null

  validation {
    condition     = var.node_port == null || try(var.node_port >= 30000 && var.node_port <= 32767 && floor(var.node_port) == var.node_port, false)
    error_message = "Kubernetes gives Services ports from 30000 to 32767, unless its API server was told otherwise."
  }
}

variable "egress" {
  description = <<-EOT
    Whom the application calls, beside the cluster's DNS: labels of pods of the same namespace (`pods`), and the
    `ports` on them. Empty: nobody.
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
  description = "Processor time and memory of each replica, as Kubernetes writes them: what is requested, and the most memory that it may take."
  type = object({
    cpu          = optional(string, "100m")
    memory       = optional(string, "256Mi")
    memory_limit = optional(string, "512Mi")
  })
  default  = {}
  nullable = false
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
