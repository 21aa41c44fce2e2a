output "name" {
  description = "Name of the Secret, known once it exists."
  value       = var.name

  depends_on = [mlops_manifest.job]
}

output "keys" {
  description = "Names of the Secret's keys."
  value       = keys(var.keys)
}
