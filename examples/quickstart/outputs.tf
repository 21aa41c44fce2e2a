output "url" {
  description = "Where the application is."
  value       = "http://${strcontains(var.node_address, ":") ? "[${var.node_address}]" : var.node_address}:${var.node_port}"

  depends_on = [mlops_manifest.app, mlops_manifest.app_service]
}

output "model_version" {
  description = "Version of the model that is served: it follows from the content of the model's file."
  value       = local.model.version
}

output "accuracy" {
  description = "Share of the digits held out from training that the model recognises, from 0 to 1."
  value       = tonumber(local.model.accuracy)
}
