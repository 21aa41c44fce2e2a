variable "api_key" {
  type      = string
  ephemeral = true
}

# The key is on disk, and in no plan and no state. A new version has it written again.
resource "files_file" "key" {
  path           = "api.key"
  secret         = var.api_key
  secret_version = 1
}
