output "service" {
  description = "The Service of Airflow's page and API: its `name`, its `port`, and its `node_port`, which is null where only the cluster reaches it."
  value = {
    name      = mlops_manifest.service.manifest.metadata.name
    port      = local.api_port
    node_port = var.node_port
  }

  depends_on = [mlops_manifest.component]
}

output "url" {
  description = "Address of Airflow's page and API within the cluster."
  value       = "http://${mlops_manifest.service.manifest.metadata.name}.${var.namespace}.svc:${local.api_port}"

  depends_on = [mlops_manifest.component]
}

output "admin" {
  description = "The first account: its `username`, and the Secret of the same namespace that holds its password, with its key."
  value = {
    username        = var.admin
    password_secret = { secret = module.keys.name, key = "admin-password" }
  }
}

output "selector" {
  description = "Labels of all pods of Airflow, for policies of those that it calls."
  value       = local.instance
}
