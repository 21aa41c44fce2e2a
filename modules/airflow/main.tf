locals {
  instance = { "app.kubernetes.io/name" = "airflow", "app.kubernetes.io/instance" = var.name }
  labels   = merge(var.labels, local.instance)

  pod_security = {
    runAsNonRoot   = true
    seccompProfile = { type = "RuntimeDefault" }
  }
  container_security = {
    allowPrivilegeEscalation = false
    readOnlyRootFilesystem   = true
    capabilities             = { drop = ["ALL"] }
  }

  resources = {
    for component in ["api_server", "scheduler", "dag_processor", "triggerer", "database", "migration"] :
    component => {
      requests = {
        cpu    = try(var.resources[component].cpu, "100m")
        memory = try(var.resources[component].memory, "256Mi")
      }
      limits = {
        # Whoever sets its processor time alone does not set this.
        memory = coalesce(try(var.resources[component].memory_limit, null), component == "scheduler" ? "2Gi" : "1Gi")
      }
    }
  }

  api_port = 8080
  # Where schedulers and triggerers show the logs of what still runs.
  log_ports = [8793, 8794]
}

# Drawn once and shared by all components: with a key of its own, a component could not read what the others wrote.
module "keys" {
  source = "../generated-secret"

  namespace = var.namespace
  name      = "${var.name}-keys"
  image     = var.secrets_image
  labels    = var.labels
  keys = {
    admin-password = { length = 24 }
    api-secret-key = { length = 64 }
    fernet-key     = { form = "fernet" }
    jwt-secret     = { length = 64 }
  }
}

resource "mlops_manifest" "logs" {
  manifest = {
    apiVersion = "v1"
    kind       = "PersistentVolumeClaim"
    metadata   = { name = "${var.name}-logs", namespace = var.namespace, labels = local.labels }
    spec = merge(
      {
        accessModes = [var.logs.access_mode]
        resources   = { requests = { storage = var.logs.size } }
      },
      var.logs.class == null ? {} : { storageClassName = var.logs.class },
    )
  }
}
