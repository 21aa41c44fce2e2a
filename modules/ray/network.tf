# Without an address of its own: workers meet the head's pod itself, on every port.
resource "mlops_manifest" "head_service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = local.head_host, namespace = var.namespace, labels = local.labels }
    spec = {
      clusterIP = "None"
      selector  = local.head_selector
      # Workers look for a head that is not ready yet.
      publishNotReadyAddresses = true
      ports = [
        { name = "gcs", port = local.gcs_port, targetPort = "gcs" },
        { name = "dashboard", port = local.dashboard_port, targetPort = "dashboard" },
        { name = "serve", port = local.serve_port, targetPort = "serve" },
      ]
    }
  }
}

resource "mlops_manifest" "dashboard_service" {
  manifest = {
    apiVersion = "v1"
    kind       = "Service"
    metadata   = { name = "${var.name}-dashboard", namespace = var.namespace, labels = local.labels }
    spec = {
      type     = var.dashboard_node_port == null ? "ClusterIP" : "NodePort"
      selector = local.head_selector
      # What is null is not set.
      ports = [{ name = "dashboard", port = local.dashboard_port, targetPort = "dashboard", nodePort = var.dashboard_node_port }]
    }
  }
}

# A drain of nodes moves the head, with a pause, and takes one worker at a time.
resource "mlops_manifest" "disruption_budget" {
  for_each = { head = local.head_selector, worker = local.worker_selector }

  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "${var.name}-${each.key}", namespace = var.namespace, labels = local.labels }
    spec = {
      maxUnavailable = 1
      selector       = { matchLabels = each.value }
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
      ingress = concat(
        [
          # Ray's processes find each other on ports that they choose.
          { from = [{ podSelector = { matchLabels = local.instance } }] },
          {
            # No labels at all match every pod.
            from  = [for labels in length(var.clients) == 0 ? [{}] : var.clients : { podSelector = { matchLabels = labels } }]
            ports = [{ port = local.dashboard_port }, { port = local.serve_port }]
          },
        ],
        # What comes through a node's port comes from outside.
        var.dashboard_node_port == null ? [] : [{ ports = [{ port = local.dashboard_port }] }],
      )
      egress = concat(
        [
          { to = [{ podSelector = { matchLabels = local.instance } }] },
          # Names are looked up wherever the cluster's DNS is: in a pod, which listens on 5353 in OpenShift, or on the node.
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
