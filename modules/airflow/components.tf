# The four parts of Airflow 3. All are told the same; what differs is the command, and how to ask whether one is well.
locals {
  components = {
    api-server = {
      replicas  = var.replicas.api_server
      args      = ["airflow", "api-server", "--port", tostring(local.api_port)]
      ports     = [{ name = "http", containerPort = local.api_port }]
      resources = local.resources.api_server
      # The part that tasks talk to builds itself when it is first asked: some seconds, for which the first task would wait.
      start = { httpGet = { path = "/execution/health", port = "http" }, periodSeconds = 2, timeoutSeconds = 30, failureThreshold = 60 }
      ready = { httpGet = { path = "/api/v2/version", port = "http" }, periodSeconds = 5, timeoutSeconds = 5 }
      alive = { httpGet = { path = "/api/v2/version", port = "http" }, periodSeconds = 10, timeoutSeconds = 10, failureThreshold = 6 }
    }
    scheduler = {
      replicas  = var.replicas.scheduler
      args      = ["airflow", "scheduler"]
      ports     = [{ name = "logs", containerPort = 8793 }, { name = "health", containerPort = 8974 }]
      resources = local.resources.scheduler
      start     = { httpGet = { path = "/health", port = "health" }, periodSeconds = 2, timeoutSeconds = 5, failureThreshold = 90 }
      ready     = { httpGet = { path = "/health", port = "health" }, periodSeconds = 5, timeoutSeconds = 5 }
      # It answers even if the scheduler does not get on, and then says so with 503 after half a minute.
      alive = { httpGet = { path = "/health", port = "health" }, periodSeconds = 15, timeoutSeconds = 5, failureThreshold = 8 }
    }
    # The other two offer nothing that could be asked. `airflow jobs check` asks the database: as a probe it would end
    # them whenever that is away, and costs seconds of a processor each time. They end by themselves when they fail.
    dag-processor = {
      replicas  = var.replicas.dag_processor
      args      = ["airflow", "dag-processor"]
      ports     = []
      resources = local.resources.dag_processor
      start     = null
      ready     = null
      alive     = null
    }
    triggerer = {
      replicas  = var.replicas.triggerer
      args      = ["airflow", "triggerer"]
      ports     = [{ name = "logs", containerPort = 8794 }]
      resources = local.resources.triggerer
      start     = { tcpSocket = { port = "logs" }, periodSeconds = 2, failureThreshold = 90 }
      ready     = { tcpSocket = { port = "logs" }, periodSeconds = 10 }
      alive     = { tcpSocket = { port = "logs" }, periodSeconds = 30, failureThreshold = 6 }
    }
  }
}

resource "mlops_manifest" "component" {
  for_each = local.components

  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata = {
      name      = "${var.name}-${each.key}"
      namespace = var.namespace
      labels    = merge(local.labels, { "app.kubernetes.io/component" = each.key })
    }
    spec = {
      replicas = each.value.replicas
      selector = { matchLabels = merge(local.instance, { "app.kubernetes.io/component" = each.key }) }
      strategy = { type = "RollingUpdate", rollingUpdate = { maxSurge = 1, maxUnavailable = 0 } }
      template = {
        metadata = {
          labels = merge(local.labels, { "app.kubernetes.io/component" = each.key })
        }
        spec = {
          automountServiceAccountToken = false
          enableServiceLinks           = false
          # Tasks that run in the scheduler's pod end before it does, or are tried again elsewhere.
          terminationGracePeriodSeconds = 60
          securityContext               = local.pod_security
          topologySpreadConstraints = [{
            maxSkew           = 1
            topologyKey       = "kubernetes.io/hostname"
            whenUnsatisfiable = "ScheduleAnyway"
            labelSelector     = { matchLabels = merge(local.instance, { "app.kubernetes.io/component" = each.key }) }
          }]
          containers = [{
            name            = each.key
            image           = var.image
            args            = each.value.args
            env             = local.environment
            ports           = each.value.ports
            securityContext = local.container_security
            startupProbe    = each.value.start
            livenessProbe   = each.value.alive
            readinessProbe  = each.value.ready
            resources       = each.value.resources
            volumeMounts = [
              { name = "logs", mountPath = "/logs" },
              { name = "temporary", mountPath = "/tmp" },
            ]
          }]
          volumes = [
            { name = "logs", persistentVolumeClaim = { claimName = mlops_manifest.logs.manifest.metadata.name } },
            { name = "temporary", emptyDir = { sizeLimit = "1Gi" } },
          ]
        }
      }
    }
  }

  depends_on = [mlops_manifest.migration]
}

resource "mlops_manifest" "service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = "${var.name}-api-server", namespace = var.namespace, labels = local.labels }
    spec = {
      type     = var.node_port == null ? "ClusterIP" : "NodePort"
      selector = merge(local.instance, { "app.kubernetes.io/component" = "api-server" })
      # What is null is not set.
      ports = [{ name = "http", port = local.api_port, targetPort = "http", nodePort = var.node_port }]
    }
  }
}

# A drain of nodes takes one replica of a component at a time.
resource "mlops_manifest" "disruption_budget" {
  for_each = local.components

  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "${var.name}-${each.key}", namespace = var.namespace, labels = local.labels }
    spec = {
      maxUnavailable = 1
      selector       = { matchLabels = merge(local.instance, { "app.kubernetes.io/component" = each.key }) }
    }
  }
}

resource "mlops_manifest" "traffic" {
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      podSelector = { matchLabels = local.instance }
      policyTypes = ["Ingress", "Egress"]
      ingress = [
        { ports = [{ port = local.api_port }] },
        { from = [{ podSelector = { matchLabels = local.instance } }], ports = [for port in local.log_ports : { port = port }] },
      ]
      egress = concat(
        [
          # Names are looked up wherever the cluster's DNS is: in a pod, which listens on 5353 in OpenShift, or on the node.
          { ports = flatten([for port in [53, 5353] : [for protocol in ["UDP", "TCP"] : { port = port, protocol = protocol }]]) },
          {
            to    = [{ podSelector = { matchLabels = local.instance } }]
            ports = [for port in concat([local.api_port], local.log_ports) : { port = port }]
          },
          # A database that is somebody else's may be anywhere.
          merge(
            { ports = [{ port = local.database.port }] },
            local.own_database ? { to = [{ podSelector = { matchLabels = local.database_selector } }] } : {},
          ),
        ],
        [for rule in var.egress : {
          to    = [{ podSelector = { matchLabels = rule.pods } }]
          ports = [for port in rule.ports : { port = port }]
        }],
      )
    }
  }
}
