variable "kubeconfig" {
  type      = string
  ephemeral = true
}

ephemeral "files_temporary_file" "kubeconfig" {
  content = var.kubeconfig
}

# kubectl takes its credentials from a file only.
resource "terraform_data" "rollout" {
  provisioner "local-exec" {
    command = "kubectl rollout restart deployment/web"

    environment = {
      KUBECONFIG = ephemeral.files_temporary_file.kubeconfig.path
    }
  }
}
