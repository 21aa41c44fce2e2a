variable "kubeconfig" {
  description = "Path of the kubeconfig file that names the cluster."
  type        = string

  validation {
    condition     = fileexists(var.kubeconfig)
    error_message = "There is no such file. `cargo xtask kubernetes kubeconfig` prints the path of a cluster's kubeconfig."
  }
}

variable "crds_directory" {
  description = "Folder with definitions of KubeRay (`kuberay/`) and OpenShift (`openshift/`) kinds. Without it, the example defines a kind of its own."
  type        = string
  default     = null
}

variable "replicas" {
  description = "Replicas of the predictor."
  type        = number
  default     = 2

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 10
    error_message = "The quota of the namespace has room for 1 to 10 replicas."
  }
}

variable "registry_token" {
  description = "Token for the model registry. It reaches the cluster and neither the plan nor the state."
  type        = string
  default     = "an example, not a secret"
  sensitive   = true
  ephemeral   = true
}
