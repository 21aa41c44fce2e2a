locals {
  labels   = merge(var.labels, local.selector)
  selector = { "app.kubernetes.io/name" = "streamlit-app", "app.kubernetes.io/instance" = var.name }

  # Sorted by their names, as Terraform sorts the keys of maps: the same variables are the same pod template.
  environment = concat(
    [for name, value in var.environment : { name = name, value = value }],
    [for name, source in var.secret_environment :
      { name = name, valueFrom = { secretKeyRef = { name = source.secret, key = source.key } } }
    ],
  )
}

resource "mlops_manifest" "app" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      replicas = var.replicas
      selector = { matchLabels = local.selector }
      # A replica goes when another one answers.
      strategy = { type = "RollingUpdate", rollingUpdate = { maxSurge = 1, maxUnavailable = 0 } }
      template = {
        metadata = { labels = local.labels }
        spec = {
          automountServiceAccountToken = false
          enableServiceLinks           = false
          securityContext              = { runAsNonRoot = true, seccompProfile = { type = "RuntimeDefault" } }
          topologySpreadConstraints = [{
            maxSkew           = 1
            topologyKey       = "kubernetes.io/hostname"
            whenUnsatisfiable = "ScheduleAnyway"
            labelSelector     = { matchLabels = local.selector }
          }]
          containers = [{
            name  = "app"
            image = var.image
            env   = local.environment
            ports = [{ name = "http", containerPort = 8501 }]
            securityContext = {
              allowPrivilegeEscalation = false
              readOnlyRootFilesystem   = true
              capabilities             = { drop = ["ALL"] }
            }
            # Any other path answers 200 as well, with the page's frame.
            startupProbe = {
              httpGet          = { path = "/_stcore/health", port = "http" }
              periodSeconds    = 1
              failureThreshold = 60
            }
            # A replica that is busy with a visitor answers late, and is well all the same.
            readinessProbe = { httpGet = { path = "/_stcore/health", port = "http" }, periodSeconds = 5, timeoutSeconds = 5 }
            livenessProbe  = { httpGet = { path = "/_stcore/health", port = "http" }, periodSeconds = 10, timeoutSeconds = 10, failureThreshold = 6 }
            # Time for the Service to stop sending visitors here.
            lifecycle = { preStop = { sleep = { seconds = 5 } } }
            resources = {
              requests = { cpu = var.resources.cpu, memory = var.resources.memory }
              limits   = { memory = var.resources.memory_limit }
            }
            volumeMounts = [{ name = "temporary", mountPath = "/tmp" }]
          }]
          volumes = [{ name = "temporary", emptyDir = { sizeLimit = "100Mi" } }]
        }
      }
    }
  }

  depends_on = [mlops_manifest.traffic]
}

# A visitor's session lives in one replica: what is uploaded to another one is lost.
resource "mlops_manifest" "service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      type            = var.node_port == null ? "ClusterIP" : "NodePort"
      selector        = local.selector
      sessionAffinity = "ClientIP"
      # What is null is not set.
      ports = [{ name = "http", port = 80, targetPort = "http", nodePort = var.node_port }]
    }
  }
}

# A drain of nodes takes one replica at a time.
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

resource "mlops_manifest" "traffic" {
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      podSelector = { matchLabels = local.selector }
      policyTypes = ["Ingress", "Egress"]
      ingress     = [{ ports = [{ port = "http" }] }]
      egress = concat(
        # Names are looked up wherever the cluster's DNS is: in a pod, which listens on 5353 in OpenShift, or on the node.
        length(var.egress) == 0 ? [] : [
          { ports = flatten([for port in [53, 5353] : [for protocol in ["UDP", "TCP"] : { port = port, protocol = protocol }]]) },
        ],
        [for rule in var.egress : {
          to    = [{ podSelector = { matchLabels = rule.pods } }]
          ports = [for port in rule.ports : { port = port }]
        }],
      )
    }
  }
}
