provider "mlops" {
  config_path = var.kubeconfig
}

locals {
  namespace = "first-apply"
  genuine   = var.crds_directory != null

  definitions = local.genuine ? [
    "${var.crds_directory}/kuberay",
    "${var.crds_directory}/openshift",
  ] : ["${path.module}/definitions"]

  custom = local.genuine ? {
    ray_cluster = "ray-cluster.yaml"
    route       = "route.yaml"
    pool        = "machine-config-pool.yaml"
    } : {
    model = "model.yaml"
  }
}

# Definitions of kinds: a folder of files, applied and waited for as one resource.
resource "mlops_manifests" "definitions" {
  paths = local.definitions
}

# The namespace and what governs it: YAML as teams keep it. The namespace comes first by itself.
resource "mlops_manifests" "platform" {
  paths = ["${path.module}/platform"]
}

# An object as an HCL value, with references to others.
resource "mlops_manifest" "settings" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata = {
      name      = "settings"
      namespace = local.namespace
      labels    = { "app.kubernetes.io/part-of" = "first-apply" }
    }
    data = {
      "model.json" = jsonencode({ name = "digits", replicas = var.replicas })
      log_level    = "info"
    }
  }

  depends_on = [mlops_manifests.platform]
}

# A Secret whose contents reach the cluster and nothing else.
resource "mlops_manifest" "registry" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "registry", namespace = local.namespace }
    type       = "Opaque"
  }

  data_wo         = { token = var.registry_token }
  data_wo_version = 1

  depends_on = [mlops_manifests.platform]
}

# A workload as YAML. This cluster has no nodes, so there is no rollout to wait for.
resource "mlops_manifest" "predictor" {
  yaml = templatefile("${path.module}/predictor.yaml.tftpl", {
    namespace = local.namespace
    replicas  = var.replicas
    settings  = sha256(jsonencode(mlops_manifest.settings.object.data))
  })

  wait = { rollout = false }

  depends_on = [mlops_manifest.registry]
}

# Custom resources of the kinds that were defined above, in the same apply.
resource "mlops_manifest" "custom" {
  for_each = local.custom

  yaml = file("${path.module}/custom/${each.value}")

  depends_on = [mlops_manifests.definitions, mlops_manifests.platform]
}

# What the server made of the workload.
data "mlops_object" "predictor" {
  api_version = mlops_manifest.predictor.object.apiVersion
  kind        = mlops_manifest.predictor.object.kind
  namespace   = mlops_manifest.predictor.object.metadata.namespace
  name        = mlops_manifest.predictor.object.metadata.name
}
