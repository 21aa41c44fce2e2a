locals {
  labels   = merge(var.labels, local.selector)
  selector = { "app.kubernetes.io/name" = "object-storage", "app.kubernetes.io/instance" = var.name }
  port     = 9000
}

module "credentials" {
  source = "../generated-secret"

  namespace = var.namespace
  name      = "${var.name}-root"
  image     = var.secrets_image
  labels    = var.labels
  keys = {
    AWS_ACCESS_KEY_ID     = { length = 20 }
    AWS_SECRET_ACCESS_KEY = { length = 40 }
  }
}

# One replica on one volume: a file system is written by one server at a time.
resource "mlops_manifest" "server" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "StatefulSet"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      replicas    = 1
      serviceName = mlops_manifest.service.manifest.metadata.name
      selector    = { matchLabels = local.selector }
      template = {
        metadata = { labels = local.labels }
        spec = {
          automountServiceAccountToken  = false
          enableServiceLinks            = false
          terminationGracePeriodSeconds = 30
          securityContext               = { runAsNonRoot = true, seccompProfile = { type = "RuntimeDefault" } }
          containers = [{
            name  = "server"
            image = var.image
            args  = ["start-object-storage"]
            env = concat(
              [{ name = "BUCKETS", value = var.bucket }],
              [for key in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] :
                { name = key, valueFrom = { secretKeyRef = { name = module.credentials.name, key = key } } }
              ],
            )
            ports = [{ name = "s3", containerPort = local.port }]
            securityContext = {
              allowPrivilegeEscalation = false
              readOnlyRootFilesystem   = true
              capabilities             = { drop = ["ALL"] }
            }
            startupProbe = {
              httpGet          = { path = "/healthz", port = "s3" }
              periodSeconds    = 1
              failureThreshold = 60
            }
            readinessProbe = { httpGet = { path = "/healthz", port = "s3" }, periodSeconds = 5 }
            livenessProbe  = { httpGet = { path = "/healthz", port = "s3" }, periodSeconds = 10, failureThreshold = 6 }
            resources = {
              requests = { cpu = var.resources.cpu, memory = var.resources.memory }
              limits   = { memory = var.resources.memory_limit }
            }
            volumeMounts = [
              { name = "data", mountPath = "/data" },
              { name = "temporary", mountPath = "/tmp" },
            ]
          }]
          volumes = [{ name = "temporary", emptyDir = { sizeLimit = "100Mi" } }]
        }
      }
      volumeClaimTemplates = [{
        metadata = { name = "data", labels = local.labels }
        spec = merge(
          {
            accessModes = ["ReadWriteOnce"]
            resources   = { requests = { storage = var.storage.size } }
          },
          var.storage.class == null ? {} : { storageClassName = var.storage.class },
        )
      }]
      # The objects go when this is destroyed, and stay through everything else.
      persistentVolumeClaimRetentionPolicy = { whenDeleted = "Delete", whenScaled = "Retain" }
    }
  }

  depends_on = [mlops_manifest.traffic]
}

resource "mlops_manifest" "service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      selector = local.selector
      ports    = [{ name = "s3", port = local.port, targetPort = "s3" }]
    }
  }
}

# A drain of its node moves it, with a pause: there is no second one.
resource "mlops_manifest" "disruption_budget" {
  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      maxUnavailable = 1
      selector       = { matchLabels = local.selector }
    }
  }
}

# It is called, and calls nobody.
resource "mlops_manifest" "traffic" {
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      podSelector = { matchLabels = local.selector }
      policyTypes = ["Ingress", "Egress"]
      ingress = [{
        # No labels at all match every pod.
        from  = [for labels in length(var.clients) == 0 ? [{}] : var.clients : { podSelector = { matchLabels = labels } }]
        ports = [{ port = "s3" }]
      }]
    }
  }
}
