# The database's tables as this version wants them, and the first account, before any component starts.
# What a Job runs cannot be changed: another image replaces it, and so migrates again.
resource "mlops_manifest" "migration" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    metadata   = { name = "${var.name}-migration", namespace = var.namespace, labels = local.labels }
    spec = {
      backoffLimit          = 4
      activeDeadlineSeconds = 900
      template = {
        metadata = {
          labels = merge(local.labels, { "app.kubernetes.io/component" = "migration" })
        }
        spec = {
          automountServiceAccountToken = false
          enableServiceLinks           = false
          restartPolicy                = "Never"
          securityContext              = local.pod_security
          containers = [{
            name  = "migration"
            image = var.image
            args  = ["prepare-airflow"]
            env = concat(local.environment, [
              { name = "ADMIN_USERNAME", value = var.admin },
              { name = "ADMIN_PASSWORD", valueFrom = { secretKeyRef = { name = module.keys.name, key = "admin-password" } } },
            ])
            securityContext = local.container_security
            resources       = local.resources.migration
            volumeMounts = [
              { name = "logs", mountPath = "/logs" },
              { name = "temporary", mountPath = "/tmp" },
            ]
          }]
          volumes = [
            { name = "logs", persistentVolumeClaim = { claimName = mlops_manifest.logs.manifest.metadata.name } },
            { name = "temporary", emptyDir = { sizeLimit = "500Mi" } },
          ]
        }
      }
    }
  }

  depends_on = [mlops_manifest.database, mlops_manifest.traffic]
}
