output "namespace" {
  description = "The namespace of the example."
  value       = local.namespace
}

output "definitions" {
  description = "The kinds that were defined."
  value       = [for name, definition in mlops_manifests.definitions.objects : definition.spec.names.kind]
}

output "custom_resources" {
  description = "The custom resources, by kind and name."
  value       = [for custom in mlops_manifest.custom : "${custom.object.kind}/${custom.object.metadata.name}"]
}

output "predictor_generation" {
  description = "How often the predictor was changed, as the server counts."
  value       = data.mlops_object.predictor.object.metadata.generation
}
