module "object_storage" {
  source = "../.."

  namespace     = "team"
  image         = "registry.example.com/object-storage:0.1.0"
  secrets_image = "registry.example.com/base:0.1.0"
}
