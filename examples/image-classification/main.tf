provider "mlops" {
  config_path = var.kubeconfig
}

# Digits are uploaded in batches; a DAG checks and stores them, another one has a model trained on Ray and promotes it;
# Ray serves the champion, and the application shows it all.
module "pipeline" {
  source = "../../modules/pipeline"

  namespace     = var.namespace
  images        = var.images
  model         = "digits"
  serve_command = ["python", "-m", "digits_serving.send"]
  node_address  = var.node_address
  node_ports    = var.node_ports
  clients       = [local.uploader_labels]
}

# By which the policies know the pods that upload: see `cargo xtask demo batch`.
locals {
  uploader_labels = { "app.kubernetes.io/name" = "uploader" }
}
