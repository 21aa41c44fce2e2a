variable "kubeconfig" {
  description = "Path of the kubeconfig file that names the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.kubeconfig)
    error_message = "There is no such file. `cargo xtask kubernetes kubeconfig` prints the path of a cluster's kubeconfig."
  }
}

variable "training_image" {
  description = "Image that trains the model, made from `images/digits-training`, for example `registry.example.com/digits-training:0.1.0`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.training_image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/digits-training:0.1.0`."
  }
}

variable "app_image" {
  description = "Image of the application, made from `images/digits-app`, for example `registry.example.com/digits-app:0.1.0`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?(/[^\\s:@]+)*(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.app_image))
    error_message = "An image's reference ends in a tag or a digest: without one, nobody knows which image runs. For example `localhost:5000/digits-app:0.1.0`."
  }
}

variable "node_address" {
  description = "Address under which users reach a node of the cluster, an IP address or a host name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s/\\[\\]]+$", var.node_address))
    error_message = "Only the address, without `http://`, port or brackets. `kubectl get nodes -o wide` shows the nodes' addresses."
  }
}

variable "node_port" {
  description = "Port of every node on which the application is reached."
  type        = number
  default     = 30080
  nullable    = false

  validation {
    condition     = var.node_port >= 30000 && var.node_port <= 32767 && floor(var.node_port) == var.node_port
    error_message = "Kubernetes gives Services ports from 30000 to 32767, unless its API server was told otherwise."
  }
}

variable "namespace" {
  description = "Namespace that is made for all of this."
  type        = string
  default     = "quickstart"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A namespace's name has at most 63 characters: lower-case letters, digits and hyphens, with no hyphen at the ends."
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

variable "storage" {
  description = <<-EOT
    Volume of the models: its `size`, the `class` that makes it (without one, the cluster's default), and its
    `access_mode`. `ReadWriteOnce` is enough as long as all replicas run on one node; for replicas on several nodes the
    class must offer `ReadWriteMany`.
  EOT
  type = object({
    class       = optional(string)
    size        = optional(string, "100Mi")
    access_mode = optional(string, "ReadWriteOnce")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[1-9][0-9]*[KMGT]i$", var.storage.size))
    error_message = "The size is a whole number with a unit: `100Mi`, `1Gi`. A model is smaller than 1Mi, and all versions are kept."
  }

  validation {
    condition     = contains(["ReadWriteOnce", "ReadWriteMany"], var.storage.access_mode)
    error_message = "The access mode is `ReadWriteOnce` (one node) or `ReadWriteMany` (several nodes): the training writes to the volume."
  }
}

variable "training" {
  description = <<-EOT
    How the model is trained: the `seed` of every random choice, and the `least_accuracy`, from 0 to 1, below which a
    model is not stored and the apply fails. Another seed trains another model, and the application rolls to it.
  EOT
  type = object({
    seed           = optional(number, 0)
    least_accuracy = optional(number, 0.95)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.training.seed >= 0 && var.training.seed < 4294967296 && floor(var.training.seed) == var.training.seed
    error_message = "The seed is a whole number from 0 to 4294967295."
  }

  validation {
    condition     = var.training.least_accuracy >= 0 && var.training.least_accuracy <= 1
    error_message = "The least accuracy is a share from 0 to 1: 0.95 means 95 %."
  }
}
