resource "mlops_manifests" "platform" {
  paths = [
    "${path.module}/definitions",
    "${path.module}/platform/**/*.yaml",
  ]
}
