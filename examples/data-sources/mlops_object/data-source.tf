data "mlops_object" "model" {
  api_version = "v1"
  kind        = "ConfigMap"
  namespace   = "shop"
  name        = "model"
}

output "accuracy" {
  value = data.mlops_object.model.object.data.accuracy
}
