module "pipeline" {
  source = "../.."

  model         = "digits"
  serve_command = ["python", "-m", "digits_serving.send"]
  node_address  = "192.0.2.7"
  images = {
    base           = "registry.example.com/base:0.1.0"
    object_storage = "registry.example.com/object-storage:0.1.0"
    postgresql     = "registry.example.com/postgresql:0.1.0"
    airflow        = "registry.example.com/image-classification-dags:0.1.0"
    ray            = "registry.example.com/image-classification-serving:0.1.0"
    app            = "registry.example.com/image-classification-app:0.1.0"
  }
}
