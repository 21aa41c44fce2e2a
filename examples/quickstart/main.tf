provider "mlops" {
  config_path = var.kubeconfig
}

locals {
  namespace = mlops_manifest.namespace.manifest.metadata.name

  labels          = { "app.kubernetes.io/part-of" = "quickstart" }
  training_labels = merge(local.labels, { "app.kubernetes.io/name" = "digits-training" })
  app_labels      = merge(local.labels, { "app.kubernetes.io/name" = "digits-app" })

  # What pod security `restricted` asks for. Users and groups are left to the images and to the platform: OpenShift
  # gives every namespace its own.
  pod_security = {
    runAsNonRoot   = true
    seccompProfile = { type = "RuntimeDefault" }
  }
  container_security = {
    allowPrivilegeEscalation = false
    readOnlyRootFilesystem   = true
    capabilities             = { drop = ["ALL"] }
  }

  models = "/models"
}

resource "mlops_manifest" "namespace" {
  manifest = {
    apiVersion = "v1"
    kind       = "Namespace"
    metadata = {
      name   = var.namespace
      labels = merge(local.labels, { "pod-security.kubernetes.io/enforce" = "restricted" })
    }
  }
}

# Where the training stores models and the application reads them.
resource "mlops_manifest" "volume" {
  manifest = {
    apiVersion = "v1"
    kind       = "PersistentVolumeClaim"
    metadata   = { name = "models", namespace = local.namespace, labels = local.labels }
    spec = merge(
      {
        accessModes = [var.storage.access_mode]
        resources   = { requests = { storage = var.storage.size } }
      },
      var.storage.class == null ? {} : { storageClassName = var.storage.class },
    )
  }
}

# Nobody calls the training. The application is called, and calls nobody.
resource "mlops_manifest" "traffic" {
  for_each = {
    digits-training = { labels = local.training_labels, types = ["Ingress"], ingress = [] }
    digits-app      = { labels = local.app_labels, types = ["Ingress", "Egress"], ingress = [{ ports = [{ port = "http" }] }] }
  }

  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = each.key, namespace = local.namespace, labels = each.value.labels }
    spec = {
      podSelector = { matchLabels = each.value.labels }
      policyTypes = each.value.types
      ingress     = each.value.ingress
    }
  }
}
