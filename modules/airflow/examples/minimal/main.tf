module "airflow" {
  source = "../.."

  namespace     = "team"
  image         = "registry.example.com/airflow:0.1.0"
  secrets_image = "registry.example.com/base:0.1.0"
  database      = { image = "registry.example.com/postgresql:0.1.0" }
}
