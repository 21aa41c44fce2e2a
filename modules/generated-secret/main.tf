locals {
  labels = merge(var.labels, { "app.kubernetes.io/component" = "generated-secret", "app.kubernetes.io/instance" = var.name })
  maker  = "generate-${var.name}"
}

# The script, and what owns the Secret: when this is destroyed, Kubernetes removes the Secret as well.
resource "mlops_manifest" "script" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = local.maker, namespace = var.namespace, labels = local.labels }
    data = {
      "generate.py" = file("${path.module}/generate.py")
      "keys.json"   = jsonencode(var.keys)
    }
  }
}

resource "mlops_manifest" "account" {
  manifest = {
    apiVersion                   = "v1"
    kind                         = "ServiceAccount"
    metadata                     = { name = local.maker, namespace = var.namespace, labels = local.labels }
    automountServiceAccountToken = false
  }
}

# To create cannot be limited to one name. What exists is read and completed under this one name only.
resource "mlops_manifest" "role" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "Role"
    metadata   = { name = local.maker, namespace = var.namespace, labels = local.labels }
    rules = [
      { apiGroups = [""], resources = ["secrets"], verbs = ["create"] },
      { apiGroups = [""], resources = ["secrets"], resourceNames = [var.name], verbs = ["get", "patch"] },
      { apiGroups = [""], resources = ["configmaps"], resourceNames = [local.maker], verbs = ["get"] },
    ]
  }
}

resource "mlops_manifest" "role_binding" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "RoleBinding"
    metadata   = { name = local.maker, namespace = var.namespace, labels = local.labels }
    roleRef = {
      apiGroup = "rbac.authorization.k8s.io"
      kind     = "Role"
      name     = mlops_manifest.role.manifest.metadata.name
    }
    subjects = [{
      kind      = "ServiceAccount"
      name      = mlops_manifest.account.manifest.metadata.name
      namespace = var.namespace
    }]
  }
}

# Another key or script is another Job, which adds what is missing and leaves what is there.
resource "mlops_manifest" "job" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    metadata   = { name = local.maker, namespace = var.namespace, labels = local.labels }
    spec = {
      backoffLimit          = 4
      activeDeadlineSeconds = 300
      template = {
        metadata = {
          labels      = local.labels
          annotations = { "mlops.dev/script" = sha256(jsonencode(mlops_manifest.script.manifest.data)) }
        }
        spec = {
          serviceAccountName           = mlops_manifest.account.manifest.metadata.name
          automountServiceAccountToken = true
          enableServiceLinks           = false
          restartPolicy                = "Never"
          securityContext              = { runAsNonRoot = true, seccompProfile = { type = "RuntimeDefault" } }
          containers = [{
            name    = "generate"
            image   = var.image
            command = ["python3", "/generate/generate.py"]
            env = [
              { name = "SECRET", value = var.name },
              { name = "OWNER", value = mlops_manifest.script.manifest.metadata.name },
              { name = "KEYS", value = "/generate/keys.json" },
            ]
            securityContext = {
              allowPrivilegeEscalation = false
              readOnlyRootFilesystem   = true
              capabilities             = { drop = ["ALL"] }
            }
            resources = {
              requests = { cpu = "50m", memory = "32Mi" }
              limits   = { memory = "128Mi" }
            }
            volumeMounts = [{ name = "generate", mountPath = "/generate", readOnly = true }]
          }]
          volumes = [{ name = "generate", configMap = { name = mlops_manifest.script.manifest.metadata.name } }]
        }
      }
    }
  }

  depends_on = [mlops_manifest.role_binding]
}
