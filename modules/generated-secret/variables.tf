variable "namespace" {
  description = "Namespace of the Secret. It must exist when this is applied."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name of the Secret, for example `airflow-keys`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,45}[a-z0-9])?$", var.name))
    error_message = "The name has at most 47 characters, because the Job that makes the Secret is called after it: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "keys" {
  description = <<-EOT
    What the Secret holds, by the names of its keys: the `length` of each value, in characters, and its `form`.
    `alphanumeric` is letters and digits, which need no quoting anywhere; `fernet` is a key of Fernet, 32 bytes as
    URL-safe base64, whatever the `length` says.
  EOT
  type = map(object({
    length = optional(number, 32)
    form   = optional(string, "alphanumeric")
  }))
  nullable = false

  validation {
    condition     = length(var.keys) > 0 && alltrue([for key, _ in var.keys : can(regex("^[A-Za-z0-9._-]{1,253}$", key))])
    error_message = "A Secret has at least one key, and a key consists of letters, digits, `.`, `_` and `-`."
  }

  validation {
    condition     = alltrue([for value in values(var.keys) : contains(["alphanumeric", "fernet"], value.form)])
    error_message = "The form of a value is `alphanumeric` or `fernet`."
  }

  validation {
    condition     = alltrue([for value in values(var.keys) : value.length >= 16 && value.length <= 512 && floor(value.length) == value.length])
    error_message = "A value has from 16 characters, fewer can be guessed, to 512."
  }
}

variable "image" {
  description = "Image with a `python3`, 3.9 or newer, that draws the values, for example `registry.example.com/base:0.1.0`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/base:0.1.0`."
  }
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
