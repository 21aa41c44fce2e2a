module "ray" {
  source = "../.."

  namespace     = "team"
  image         = "registry.example.com/ray:0.1.0"
  secrets_image = "registry.example.com/base:0.1.0"
}
