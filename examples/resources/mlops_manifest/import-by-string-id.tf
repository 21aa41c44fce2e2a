import {
  to = mlops_manifest.settings
  id = "apiVersion=v1,kind=ConfigMap,namespace=shop,name=settings"
}
