# What the training says of the model that it stored. The contents are the Job's own, under its own name: they are no
# drift here.
resource "mlops_manifest" "model" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "model", namespace = local.namespace, labels = local.labels }
  }
}

resource "mlops_manifest" "training_account" {
  manifest = {
    apiVersion                   = "v1"
    kind                         = "ServiceAccount"
    metadata                     = { name = "digits-training", namespace = local.namespace, labels = local.training_labels }
    automountServiceAccountToken = false
  }
}

# To write that one ConfigMap is all that the training may do.
resource "mlops_manifest" "training_role" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "Role"
    metadata   = { name = "digits-training", namespace = local.namespace, labels = local.training_labels }
    rules = [{
      apiGroups     = [""]
      resources     = ["configmaps"]
      resourceNames = [mlops_manifest.model.manifest.metadata.name]
      verbs         = ["patch"]
    }]
  }
}

resource "mlops_manifest" "training_role_binding" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "RoleBinding"
    metadata   = { name = "digits-training", namespace = local.namespace, labels = local.training_labels }
    roleRef = {
      apiGroup = "rbac.authorization.k8s.io"
      kind     = "Role"
      name     = mlops_manifest.training_role.manifest.metadata.name
    }
    subjects = [{
      kind      = "ServiceAccount"
      name      = mlops_manifest.training_account.manifest.metadata.name
      namespace = local.namespace
    }]
  }
}

# The apply goes on when the Job is complete. What a Job runs cannot be changed: another image or seed replaces it.
resource "mlops_manifest" "training" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    metadata   = { name = "digits-training", namespace = local.namespace, labels = local.training_labels }
    spec = {
      backoffLimit          = 2
      activeDeadlineSeconds = 600
      # What the training ends with where the model is not good enough: another try would end so, too.
      podFailurePolicy = {
        rules = [{ action = "FailJob", onExitCodes = { containerName = "training", operator = "In", values = [3] } }]
      }
      template = {
        metadata = { labels = local.training_labels }
        spec = {
          serviceAccountName           = mlops_manifest.training_account.manifest.metadata.name
          automountServiceAccountToken = true
          enableServiceLinks           = false
          restartPolicy                = "Never"
          securityContext              = local.pod_security
          containers = [{
            name            = "training"
            image           = var.training_image
            securityContext = local.container_security
            env = [
              { name = "MODEL_DIRECTORY", value = local.models },
              { name = "CONFIG_MAP", value = mlops_manifest.model.manifest.metadata.name },
              { name = "SEED", value = tostring(var.training.seed) },
              { name = "LEAST_ACCURACY", value = tostring(var.training.least_accuracy) },
            ]
            resources = {
              requests = { cpu = "250m", memory = "256Mi" }
              limits   = { memory = "1Gi" }
            }
            volumeMounts = [
              { name = "models", mountPath = local.models },
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

  # Its first write needs the right, and its pods the policy.
  depends_on = [mlops_manifest.training_role_binding, mlops_manifest.traffic]
}

data "mlops_object" "model" {
  api_version = "v1"
  kind        = "ConfigMap"
  namespace   = local.namespace
  name        = mlops_manifest.model.manifest.metadata.name

  depends_on = [mlops_manifest.training]

  lifecycle {
    postcondition {
      condition     = try(length(self.object.data.sha256) == 64, false)
      error_message = "The ConfigMap names no model, though the training has run: somebody has emptied it. Train again with `-replace=mlops_manifest.training`."
    }
  }
}

locals {
  model = data.mlops_object.model.object.data
}
