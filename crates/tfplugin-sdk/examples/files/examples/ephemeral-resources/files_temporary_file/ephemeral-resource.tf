variable "kubeconfig" {
  type      = string
  ephemeral = true
}

ephemeral "files_temporary_file" "kubeconfig" {
  content = var.kubeconfig
}

provider "kubernetes" {
  config_path = ephemeral.files_temporary_file.kubeconfig.path
}
