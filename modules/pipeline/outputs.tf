output "urls" {
  description = "Where users find the parts: `app`, `airflow` and `ray`, the dashboard."
  value       = local.urls

  depends_on = [module.app, module.airflow, module.ray]
}

output "namespace" {
  description = "Namespace of everything."
  value       = local.namespace
}

output "s3" {
  description = "The bucket: `endpoint` within the cluster, `region`, `bucket`, and the Secret with the credentials. Uploads go to `uploads/<batch>/` in it."
  value       = module.object_storage.s3
}

output "airflow_admin" {
  description = "The account of Airflow that may do everything, and the Secret that holds its password."
  value       = module.airflow.admin
}

output "ray_token_secret" {
  description = "The Secret that holds the token which Ray's dashboard asks for."
  value       = module.ray.dashboard.token_secret
}

output "model_url" {
  description = "Address of the model within the cluster."
  value       = module.model_serving.url
}

output "environment" {
  description = "Environment of further programs of the cluster that upload to the bucket or ask the model: that of boto3, `BUCKET`, `MODEL` and `SERVE_URL`."
  value       = merge(module.model_serving.environment, { SERVE_URL = module.model_serving.url })
}

output "secret_environment" {
  description = "The secret part of that environment: names of Secrets of the namespace, and their keys."
  value       = module.model_serving.secret_environment
}
