variable "kubeconfig" {
  description = "Path of the kubeconfig file that names the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.kubeconfig)
    error_message = "There is no such file. `cargo xtask kubernetes kubeconfig` prints the path of a cluster's kubeconfig."
  }
}

variable "images" {
  description = <<-EOT
    Images, made from `images` and from the folders here: `base`, `object_storage`, `postgresql`, `airflow` (from `dags`),
    `ray` (from `serving`) and `app`. `cargo xtask images` builds them and prints what to write here.
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
}

variable "node_address" {
  description = "Address under which users reach a node of the cluster, an IP address or a host name."
  type        = string
  nullable    = false
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
}

variable "namespace" {
  description = "Namespace that is made for all of this."
  type        = string
  default     = "image-classification"
  nullable    = false
}
