terraform import mlops_manifest.settings 'apiVersion=v1,kind=ConfigMap,namespace=shop,name=settings'
