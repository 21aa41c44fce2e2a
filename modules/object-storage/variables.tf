variable "namespace" {
  description = "Namespace of the server. It must exist when this is applied."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name of the server and of its Service."
  type        = string
  default     = "object-storage"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,33}[a-z0-9])?$", var.name))
    error_message = "The name has at most 35 characters, because other names are made of it: lower-case letters, digits and hyphens, a letter first and no hyphen at the end."
  }
}

variable "image" {
  description = "Image of the server, made from `images/object-storage`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/object-storage:0.1.0`."
  }
}

variable "secrets_image" {
  description = "Image with a `python3` that draws the credentials, for example one made from `images/base`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.secrets_image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/base:0.1.0`."
  }
}

variable "bucket" {
  description = "Bucket that is made if it is not there."
  type        = string
  default     = "pipeline"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "A bucket's name has 3 to 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends. With a dot in it, HTTPS would not work with every client."
  }
}

variable "storage" {
  description = <<-EOT
    Volume of the objects: its `size`, and the `class` that makes it; without one, the cluster's default. The server
    has one replica, so that one node at a time is enough.
  EOT
  type = object({
    class = optional(string)
    size  = optional(string, "10Gi")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[1-9][0-9]*[KMGT]i$", var.storage.size))
    error_message = "The size is a whole number with a unit: `500Mi`, `10Gi`."
  }
}

variable "clients" {
  description = "Labels of the pods of this namespace that may talk to the server, as alternatives. Empty: every pod of the namespace."
  type        = list(map(string))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for labels in var.clients : try(length(labels) > 0, false)])
    error_message = "Labels without any match every pod: leave the list empty for that."
  }
}

variable "resources" {
  description = "Processor time and memory of the server, as Kubernetes writes them: what is requested, and the most memory that it may take."
  type = object({
    cpu          = optional(string, "100m")
    memory       = optional(string, "64Mi")
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
