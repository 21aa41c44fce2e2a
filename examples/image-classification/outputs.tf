output "url" {
  description = "Where the application is."
  value       = module.pipeline.urls.app
}

output "airflow_url" {
  description = "Where Airflow is."
  value       = module.pipeline.urls.airflow
}

output "ray_url" {
  description = "Where Ray's dashboard is."
  value       = module.pipeline.urls.ray
}

output "s3" {
  description = "The bucket: `endpoint` within the cluster, `region`, `bucket`, and the Secret with the credentials."
  value       = module.pipeline.s3
}

output "airflow_admin" {
  description = "The account of Airflow that may do everything, and the Secret that holds its password."
  value       = module.pipeline.airflow_admin
}

output "ray_token_secret" {
  description = "The Secret that holds the token which Ray's dashboard asks for."
  value       = module.pipeline.ray_token_secret
}

output "uploader" {
  description = "What a pod of the cluster that uploads batches needs: its `namespace`, `labels`, `environment`, and the Secrets and keys of its `secret_environment`."
  value = {
    namespace          = module.pipeline.namespace
    labels             = local.uploader_labels
    environment        = module.pipeline.environment
    secret_environment = module.pipeline.secret_environment
  }
}
