locals {
  instance        = { "app.kubernetes.io/name" = "ray", "app.kubernetes.io/instance" = var.name }
  head_selector   = merge(local.instance, { "app.kubernetes.io/component" = "head" })
  worker_selector = merge(local.instance, { "app.kubernetes.io/component" = "worker" })
  labels          = merge(var.labels, local.instance)

  gcs_port       = 6379
  dashboard_port = 8265
  serve_port     = 8000
  head_host      = "${var.name}-head"

  pod_security = {
    runAsNonRoot   = true
    seccompProfile = { type = "RuntimeDefault" }
  }
  container_security = {
    allowPrivilegeEscalation = false
    readOnlyRootFilesystem   = true
    capabilities             = { drop = ["ALL"] }
  }

  # What the module itself sets, and Kubernetes takes once.
  own_variables = ["OBJECT_STORE_BYTES", "POD_IP", "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_CPUS", "RAY_USAGE_STATS_ENABLED", "RAY_gcs_rpc_server_reconnect_timeout_s"]

  environment = concat(
    [
      { name = "RAY_AUTH_MODE", value = "token" },
      { name = "RAY_AUTH_TOKEN", valueFrom = { secretKeyRef = { name = module.token.name, key = "token" } } },
      { name = "POD_IP", valueFrom = { fieldRef = { fieldPath = "status.podIP" } } },
      { name = "RAY_USAGE_STATS_ENABLED", value = "0" },
      # A worker whose head is gone ends within this time, and so comes back to the next head.
      { name = "RAY_gcs_rpc_server_reconnect_timeout_s", value = "20" },
    ],
    [for name, value in var.environment : { name = name, value = value }],
    [for name, source in var.secret_environment :
      { name = name, valueFrom = { secretKeyRef = { name = source.secret, key = source.key } } }
    ],
  )

  # Ray keeps its sessions in /tmp/ray, and its object store in memory that processes share.
  volumes = { for role, sizes in { head = var.head, workers = var.workers } : role => [
    { name = "temporary", emptyDir = { sizeLimit = "2Gi" } },
    { name = "shared-memory", emptyDir = { medium = "Memory", sizeLimit = tostring(2 * sizes.object_store_bytes) } },
  ] }
  volume_mounts = [
    { name = "temporary", mountPath = "/tmp" },
    { name = "shared-memory", mountPath = "/dev/shm" },
  ]
}

module "token" {
  source = "../generated-secret"

  namespace = var.namespace
  name      = "${var.name}-token"
  image     = var.secrets_image
  labels    = var.labels
  keys      = { token = { length = 48 } }
}

# One head: Ray's state is in its memory, and goes with it.
resource "mlops_manifest" "head" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "${var.name}-head", namespace = var.namespace, labels = merge(local.labels, local.head_selector) }
    spec = {
      replicas = 1
      selector = { matchLabels = local.head_selector }
      # Two heads at a time would divide the workers between them.
      strategy = { type = "Recreate" }
      template = {
        metadata = {
          labels = merge(local.labels, local.head_selector)
          # Another script is another head.
          annotations = { "mlops.dev/scripts" = sha256(jsonencode(mlops_manifest.scripts.manifest.data)) }
        }
        spec = {
          automountServiceAccountToken  = false
          enableServiceLinks            = false
          terminationGracePeriodSeconds = 30
          securityContext               = local.pod_security
          containers = [{
            name    = "head"
            image   = var.image
            command = ["tini", "-g", "--", "sh", "-eu", "/scripts/head.sh"]
            args    = var.start_up
            env = concat(local.environment, [
              { name = "RAY_CPUS", value = tostring(var.head.ray_cpus) },
              { name = "OBJECT_STORE_BYTES", value = format("%.0f", var.head.object_store_bytes) },
            ])
            ports = [
              { name = "gcs", containerPort = local.gcs_port },
              { name = "dashboard", containerPort = local.dashboard_port },
              { name = "serve", containerPort = local.serve_port },
            ]
            securityContext = local.container_security
            startupProbe    = { tcpSocket = { port = "dashboard" }, periodSeconds = 1, failureThreshold = 180 }
            readinessProbe  = { exec = { command = ["python", "/scripts/healthy.py"] }, periodSeconds = 5, timeoutSeconds = 5 }
            livenessProbe   = { exec = { command = ["python", "/scripts/healthy.py"] }, periodSeconds = 15, timeoutSeconds = 5, failureThreshold = 6 }
            resources = {
              requests = { cpu = var.head.cpu, memory = var.head.memory }
              limits   = { memory = var.head.memory_limit }
            }
            volumeMounts = concat(local.volume_mounts, [{ name = "scripts", mountPath = "/scripts", readOnly = true }])
          }]
          volumes = concat(local.volumes.head, [{ name = "scripts", configMap = { name = mlops_manifest.scripts.manifest.metadata.name } }])
        }
      }
    }
  }

  depends_on = [mlops_manifest.traffic]
}

resource "mlops_manifest" "scripts" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "${var.name}-scripts", namespace = var.namespace, labels = local.labels }
    data = {
      "head.sh"    = file("${path.module}/head.sh")
      "healthy.py" = file("${path.module}/healthy.py")
    }
  }
}

resource "mlops_manifest" "workers" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "${var.name}-worker", namespace = var.namespace, labels = merge(local.labels, local.worker_selector) }
    spec = {
      replicas = var.workers.replicas
      selector = { matchLabels = local.worker_selector }
      strategy = { type = "RollingUpdate", rollingUpdate = { maxSurge = 1, maxUnavailable = 0 } }
      template = {
        metadata = { labels = merge(local.labels, local.worker_selector) }
        spec = {
          automountServiceAccountToken  = false
          enableServiceLinks            = false
          terminationGracePeriodSeconds = 30
          securityContext               = local.pod_security
          topologySpreadConstraints = [{
            maxSkew           = 1
            topologyKey       = "kubernetes.io/hostname"
            whenUnsatisfiable = "ScheduleAnyway"
            labelSelector     = { matchLabels = local.worker_selector }
          }]
          containers = [{
            name  = "worker"
            image = var.image
            # Kubernetes puts the value of POD_IP in its place.
            args = [
              "ray", "start", "--block", "--address=${local.head_host}:${local.gcs_port}", "--node-ip-address=$(POD_IP)",
              "--num-cpus=${var.workers.ray_cpus}", "--object-store-memory=${format("%.0f", var.workers.object_store_bytes)}",
              "--disable-usage-stats",
            ]
            env             = local.environment
            securityContext = local.container_security
            readinessProbe  = { exec = { command = ["test", "-e", "/tmp/ray/session_latest/sockets/raylet"] }, periodSeconds = 5 }
            resources = {
              requests = { cpu = var.workers.cpu, memory = var.workers.memory }
              limits   = { memory = var.workers.memory_limit }
            }
            volumeMounts = local.volume_mounts
          }]
          volumes = local.volumes.workers
        }
      }
    }
  }

  depends_on = [mlops_manifest.head]
}
