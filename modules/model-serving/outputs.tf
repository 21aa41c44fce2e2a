output "url" {
  description = "Address of the model within the cluster."
  value       = "http://${mlops_manifest.service.manifest.metadata.name}.${var.namespace}.svc"
}

output "start_up" {
  description = "What the head of the Ray cluster runs when it has started, for the variable `start_up` of the module `ray`."
  value       = var.send
}

output "environment" {
  description = "Environment of all that read models: the pods of the Ray cluster, and the tasks that promote versions."
  value = {
    AWS_ENDPOINT_URL_S3 = var.s3.endpoint
    AWS_REGION          = var.s3.region
    BUCKET              = var.s3.bucket
    MODEL               = var.model
  }
}

output "secret_environment" {
  description = "The secret part of that environment: names of Secrets of the same namespace, and their keys."
  value = {
    for key in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] : key => { secret = var.s3.credentials_secret, key = key }
  }
}
