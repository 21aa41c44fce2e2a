locals {
  labels = merge(var.labels, { "app.kubernetes.io/name" = "model-serving", "app.kubernetes.io/instance" = var.name })
}

# The model's own address: it stays when the Ray cluster behind it is another one.
resource "mlops_manifest" "service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      selector = var.serve.selector
      ports    = [{ name = "http", port = 80, targetPort = var.serve.port }]
    }
  }
}
