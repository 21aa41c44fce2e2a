# Another model is another pod template: the Deployment rolls to it, and back to the earlier one, whose file is kept.
resource "mlops_manifest" "app" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "digits-app", namespace = local.namespace, labels = local.app_labels }
    spec = {
      replicas = var.replicas
      selector = { matchLabels = local.app_labels }
      # A replica goes when another one answers.
      strategy = { type = "RollingUpdate", rollingUpdate = { maxSurge = 1, maxUnavailable = 0 } }
      template = {
        metadata = { labels = local.app_labels }
        spec = {
          automountServiceAccountToken = false
          enableServiceLinks           = false
          securityContext              = local.pod_security
          topologySpreadConstraints = [{
            maxSkew           = 1
            topologyKey       = "kubernetes.io/hostname"
            whenUnsatisfiable = "ScheduleAnyway"
            labelSelector     = { matchLabels = local.app_labels }
          }]
          containers = [{
            name            = "app"
            image           = var.app_image
            securityContext = local.container_security
            ports           = [{ name = "http", containerPort = 8501 }]
            env = [
              { name = "MODEL_FILE", value = "${local.models}/${local.model.file}" },
              { name = "MODEL_SHA256", value = local.model.sha256 },
              { name = "MODEL_VERSION", value = local.model.version },
              { name = "MODEL_ACCURACY", value = local.model.accuracy },
            ]
            # Any other path answers 200 as well, with the page's frame.
            startupProbe = {
              httpGet          = { path = "/_stcore/health", port = "http" }
              periodSeconds    = 1
              failureThreshold = 60
            }
            # A replica that is busy with a visitor's picture answers late, and is well all the same.
            readinessProbe = {
              httpGet        = { path = "/_stcore/health", port = "http" }
              periodSeconds  = 5
              timeoutSeconds = 5
            }
            livenessProbe = {
              httpGet          = { path = "/_stcore/health", port = "http" }
              periodSeconds    = 10
              timeoutSeconds   = 10
              failureThreshold = 6
            }
            # Time for the Service to stop sending visitors here.
            lifecycle = { preStop = { sleep = { seconds = 5 } } }
            resources = {
              requests = { cpu = "100m", memory = "256Mi" }
              limits   = { memory = "512Mi" }
            }
            volumeMounts = [
              { name = "models", mountPath = local.models, readOnly = true },
              { name = "temporary", mountPath = "/tmp" },
            ]
          }]
          volumes = [
            { name = "models", persistentVolumeClaim = { claimName = mlops_manifest.volume.manifest.metadata.name } },
            { name = "temporary", emptyDir = { sizeLimit = "100Mi" } },
          ]
        }
      }
    }
  }

  depends_on = [mlops_manifest.traffic]
}

# A drain of nodes takes one replica at a time.
resource "mlops_manifest" "app_disruption_budget" {
  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "digits-app", namespace = local.namespace, labels = local.app_labels }
    spec = {
      maxUnavailable = 1
      selector       = { matchLabels = local.app_labels }
    }
  }
}

# A visitor's session lives in one replica: what is uploaded to another one is lost.
resource "mlops_manifest" "app_service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = "digits-app", namespace = local.namespace, labels = local.app_labels }
    spec = {
      type            = "NodePort"
      selector        = local.app_labels
      sessionAffinity = "ClientIP"
      ports           = [{ name = "http", port = 80, targetPort = "http", nodePort = var.node_port }]
    }
  }
}
