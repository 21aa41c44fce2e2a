import {
  to = mlops_manifest.settings
  identity = {
    api_version = "v1"
    kind        = "ConfigMap"
    namespace   = "shop"
    name        = "settings"
  }
}
