# A PostgreSQL of one replica, unless there is one that is somebody else's.
locals {
  own_database      = var.database.external == null
  database_selector = { "app.kubernetes.io/name" = "postgresql", "app.kubernetes.io/instance" = "${var.name}-postgresql" }
  database_labels   = merge(var.labels, local.database_selector)
}

module "database_password" {
  source = "../generated-secret"
  count  = local.own_database ? 1 : 0

  namespace = var.namespace
  name      = "${var.name}-postgresql"
  image     = var.secrets_image
  labels    = var.labels
  keys      = { password = {} }
}

resource "mlops_manifest" "database" {
  count = local.own_database ? 1 : 0

  manifest = {
    apiVersion = "apps/v1"
    kind       = "StatefulSet"
    metadata   = { name = "${var.name}-postgresql", namespace = var.namespace, labels = local.database_labels }
    spec = {
      replicas    = 1
      serviceName = "${var.name}-postgresql"
      selector    = { matchLabels = local.database_selector }
      template = {
        metadata = { labels = local.database_labels }
        spec = {
          automountServiceAccountToken  = false
          enableServiceLinks            = false
          terminationGracePeriodSeconds = 60
          securityContext               = local.pod_security
          containers = [{
            name  = "postgresql"
            image = var.database.image
            args  = ["start-postgresql"]
            env = [
              { name = "POSTGRES_USER", value = "airflow" },
              { name = "POSTGRES_DATABASE", value = "airflow" },
              {
                name      = "POSTGRES_PASSWORD"
                valueFrom = { secretKeyRef = { name = one(module.database_password[*].name), key = "password" } }
              },
            ]
            ports           = [{ name = "postgresql", containerPort = 5432 }]
            securityContext = local.container_security
            startupProbe = {
              exec             = { command = ["pg_isready", "--quiet", "--host=127.0.0.1"] }
              periodSeconds    = 1
              failureThreshold = 600
            }
            readinessProbe = { exec = { command = ["pg_isready", "--quiet", "--host=127.0.0.1"] }, periodSeconds = 5 }
            livenessProbe  = { exec = { command = ["pg_isready", "--quiet", "--host=127.0.0.1"] }, periodSeconds = 20, failureThreshold = 6 }
            resources      = local.resources.database
            volumeMounts = [
              { name = "data", mountPath = "/data" },
              { name = "temporary", mountPath = "/tmp" },
              # Memory that processes share.
              { name = "shared-memory", mountPath = "/dev/shm" },
            ]
          }]
          volumes = [
            { name = "temporary", emptyDir = { sizeLimit = "100Mi" } },
            { name = "shared-memory", emptyDir = { medium = "Memory", sizeLimit = "256Mi" } },
          ]
        }
      }
      volumeClaimTemplates = [{
        metadata = { name = "data", labels = local.database_labels }
        spec = merge(
          {
            accessModes = ["ReadWriteOnce"]
            resources   = { requests = { storage = var.database.size } }
          },
          var.database.class == null ? {} : { storageClassName = var.database.class },
        )
      }]
      # The data go when this is destroyed, and stay through everything else.
      persistentVolumeClaimRetentionPolicy = { whenDeleted = "Delete", whenScaled = "Retain" }
    }
  }

  depends_on = [mlops_manifest.database_service, mlops_manifest.database_traffic]
}

resource "mlops_manifest" "database_service" {
  count = local.own_database ? 1 : 0

  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = "${var.name}-postgresql", namespace = var.namespace, labels = local.database_labels }
    spec = {
      selector = local.database_selector
      ports    = [{ name = "postgresql", port = 5432, targetPort = "postgresql" }]
    }
  }
}

# A drain of its node moves it, with a pause: there is no second one.
resource "mlops_manifest" "database_disruption_budget" {
  count = local.own_database ? 1 : 0

  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "${var.name}-postgresql", namespace = var.namespace, labels = local.database_labels }
    spec = {
      maxUnavailable = 1
      selector       = { matchLabels = local.database_selector }
    }
  }
}

# Airflow alone calls it, and it calls nobody.
resource "mlops_manifest" "database_traffic" {
  count = local.own_database ? 1 : 0

  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = "${var.name}-postgresql", namespace = var.namespace, labels = local.database_labels }
    spec = {
      podSelector = { matchLabels = local.database_selector }
      policyTypes = ["Ingress", "Egress"]
      ingress = [{
        from  = [{ podSelector = { matchLabels = local.instance } }]
        ports = [{ port = "postgresql" }]
      }]
    }
  }
}
