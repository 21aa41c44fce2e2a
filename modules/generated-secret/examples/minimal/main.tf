module "secret" {
  source = "../.."

  namespace = "team"
  name      = "database"
  image     = "registry.example.com/base:0.1.0"
  keys      = { password = {} }
}
