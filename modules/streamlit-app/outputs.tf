output "service" {
  description = "The Service: its `name`, its `port`, and its `node_port`, which is null where only the cluster reaches it."
  value = {
    name      = mlops_manifest.service.manifest.metadata.name
    port      = 80
    node_port = var.node_port
  }

  depends_on = [mlops_manifest.app]
}

output "url" {
  description = "Address of the application within the cluster."
  value       = "http://${mlops_manifest.service.manifest.metadata.name}.${var.namespace}.svc"

  depends_on = [mlops_manifest.app]
}

output "selector" {
  description = "Labels of the application's pods, for policies of those that it calls."
  value       = local.selector
}
