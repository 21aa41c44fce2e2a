output "dashboard" {
  description = <<-EOT
    Ray's dashboard and its API of jobs and Serve: `host` and `port` within the cluster, `node_port`, which is null where
    only the cluster reaches it, and `token_secret`, the Secret of the same namespace that holds the token, with its key.
  EOT
  value = {
    host         = "${mlops_manifest.dashboard_service.manifest.metadata.name}.${var.namespace}.svc"
    port         = local.dashboard_port
    node_port    = var.dashboard_node_port
    token_secret = { secret = module.token.name, key = "token" }
  }

  depends_on = [mlops_manifest.workers]
}

output "serve" {
  description = "Where Serve applications answer: labels of the pods (`selector`), and the `port` on them."
  value = {
    selector = local.head_selector
    port     = local.serve_port
  }

  depends_on = [mlops_manifest.head]
}

output "selector" {
  description = "Labels of all pods of the Ray cluster, for policies of those that it calls."
  value       = local.instance
}
