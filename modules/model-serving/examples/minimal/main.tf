module "model_serving" {
  source = "../.."

  namespace = "team"
  model     = "digits"
  send      = ["python", "-m", "digits_serving.send"]
  serve = {
    selector = { "app.kubernetes.io/name" = "ray", "app.kubernetes.io/component" = "head" }
    port     = 8000
  }
  s3 = {
    endpoint           = "http://object-storage.team.svc:9000"
    region             = "us-east-1"
    bucket             = "pipeline"
    credentials_secret = "object-storage-root"
  }
}
