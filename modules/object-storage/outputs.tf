output "s3" {
  description = <<-EOT
    How clients reach the bucket: `endpoint` (URL), `region`, `bucket`, and `credentials_secret`, the name of a Secret
    in the same namespace with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. Addresses name the bucket in
    the path.
  EOT
  value = {
    endpoint           = "http://${mlops_manifest.service.manifest.metadata.name}.${var.namespace}.svc:${local.port}"
    region             = "us-east-1"
    bucket             = var.bucket
    credentials_secret = module.credentials.name
  }

  depends_on = [mlops_manifest.server]
}

output "selector" {
  description = "Labels of the server's pods, for policies of those that call it."
  value       = local.selector
}
