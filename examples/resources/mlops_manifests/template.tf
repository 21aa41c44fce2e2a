# Many documents from a template. Each object shows in the plan by itself.
resource "mlops_manifests" "tenant" {
  for_each = toset(["research", "production"])

  yaml = templatefile("${path.module}/tenant.yaml.tftpl", { name = each.key })
}
