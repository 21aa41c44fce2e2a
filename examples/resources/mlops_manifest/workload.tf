# A workload as YAML. The apply ends when the rollout is done, or fails at once with the reason.
resource "mlops_manifest" "web" {
  yaml = file("${path.module}/web.yaml")

  wait = {
    conditions = [{ type = "Available" }]
  }

  timeouts {
    create = "5m"
    update = "15m"
  }
}
