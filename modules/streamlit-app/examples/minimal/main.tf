module "app" {
  source = "../.."

  namespace = "team"
  name      = "app"
  image     = "registry.example.com/app:0.1.0"
}
