variable "namespace" {
  description = "Namespace of the Ray cluster that serves."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
  }
}

variable "name" {
  description = "Name of the Service under which the model answers."
  type        = string
  default     = "serving"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "The name has at most 63 characters: lower-case letters, digits and hyphens, a letter first and no hyphen at the end."
  }
}

variable "serve" {
  description = "Where Serve applications answer, as the output `serve` of the module `ray` says: labels of the pods, and the port on them."
  type = object({
    selector = map(string)
    port     = number
  })
  nullable = false

  validation {
    condition     = try(length(var.serve.selector) > 0, false)
    error_message = "The Service finds the pods by their labels: without any it finds none."
  }

  validation {
    condition     = try(var.serve.port >= 1 && var.serve.port <= 65535 && floor(var.serve.port) == var.serve.port, false)
    error_message = "A port is a whole number from 1 to 65535."
  }
}

variable "s3" {
  description = "The bucket that holds the models and says which one is served, as the output `s3` of the module `object-storage` says."
  type = object({
    endpoint           = string
    region             = string
    bucket             = string
    credentials_secret = string
  })
  nullable = false

  validation {
    condition     = can(regex("^https?://[^\\s/]+$", var.s3.endpoint))
    error_message = "The endpoint is a URL without a path, for example `http://object-storage.pipeline.svc:9000`."
  }
}

variable "model" {
  description = "Name of the model in the registry. Which version is served says its alias `champion` in the bucket, and nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,62}$", var.model))
    error_message = "A model's name consists of at most 63 lower-case letters, digits and hyphens, with no hyphen first."
  }
}

variable "send" {
  description = "Command, in the image of the Ray cluster, that reads the alias and sends the whole Serve configuration to Ray."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.send) > 0
    error_message = "Without a command nobody tells Ray what to serve: for example [\"python\", \"-m\", \"digits_serving.send\"]."
  }
}

variable "labels" {
  description = "Labels of all objects."
  type        = map(string)
  default     = {}
  nullable    = false
}
