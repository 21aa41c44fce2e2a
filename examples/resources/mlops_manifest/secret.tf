variable "password" {
  type      = string
  ephemeral = true
}

# The contents of the Secret reach neither plan nor state. Raise the version to send them again.
resource "mlops_manifest" "credentials" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "credentials", namespace = "shop" }
  }

  data_wo         = { password = var.password }
  data_wo_version = 1
}
