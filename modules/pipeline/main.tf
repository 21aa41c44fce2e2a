locals {
  namespace = mlops_manifest.namespace.manifest.metadata.name
  labels    = merge(var.labels, { "app.kubernetes.io/part-of" = "pipeline" })

  # An IPv6 address stands in brackets.
  host = strcontains(var.node_address, ":") ? "[${var.node_address}]" : var.node_address
  urls = { for part, port in var.node_ports : part => "http://${local.host}:${port}" }

  storage_port   = 9000
  dashboard_port = 8265
  serve_port     = 8000
  airflow_port   = 8080
}

resource "mlops_manifest" "namespace" {
  manifest = {
    apiVersion = "v1"
    kind       = "Namespace"
    metadata = {
      name   = var.namespace
      labels = merge(local.labels, { "pod-security.kubernetes.io/enforce" = "restricted" })
    }
  }
}

module "object_storage" {
  source = "../object-storage"

  namespace     = local.namespace
  image         = var.images.object_storage
  secrets_image = var.images.base
  storage       = { class = var.storage.class, size = var.storage.objects }
  clients       = concat([local.airflow_pods, local.ray_pods, local.app_pods], var.clients)
  labels        = local.labels
}

module "ray" {
  source = "../ray"

  namespace           = local.namespace
  image               = var.images.ray
  secrets_image       = var.images.base
  workers             = { replicas = var.workers }
  environment         = module.model_serving.environment
  secret_environment  = module.model_serving.secret_environment
  start_up            = module.model_serving.start_up
  clients             = concat([local.airflow_pods, local.app_pods], var.clients)
  egress              = [{ pods = module.object_storage.selector, ports = [local.storage_port] }]
  dashboard_node_port = var.node_ports.ray
  labels              = local.labels
}

module "model_serving" {
  source = "../model-serving"

  namespace = local.namespace
  serve     = module.ray.serve
  s3        = module.object_storage.s3
  model     = var.model
  send      = var.serve_command
  labels    = local.labels
}

module "airflow" {
  source = "../airflow"

  namespace          = local.namespace
  image              = var.images.airflow
  secrets_image      = var.images.base
  database           = { image = var.images.postgresql, size = var.storage.database, class = var.storage.class }
  logs               = { size = var.storage.logs, class = var.storage.class, access_mode = var.storage.access_mode }
  environment        = merge(module.model_serving.environment, { SERVE_URL = module.model_serving.url })
  secret_environment = module.model_serving.secret_environment
  connections = {
    ray_default = {
      conn_type       = "ray_jobs"
      host            = module.ray.dashboard.host
      port            = module.ray.dashboard.port
      password_secret = module.ray.dashboard.token_secret
      extra           = { dashboard_url = local.urls.ray }
    }
  }
  egress = [
    { pods = module.object_storage.selector, ports = [local.storage_port] },
    { pods = module.ray.selector, ports = [local.dashboard_port, local.serve_port] },
  ]
  node_port = var.node_ports.airflow
  labels    = local.labels
}

module "app" {
  source = "../streamlit-app"

  namespace = local.namespace
  name      = "app"
  image     = var.images.app
  replicas  = var.app_replicas
  environment = merge(module.model_serving.environment, {
    SERVE_URL          = module.model_serving.url
    AIRFLOW_URL        = module.airflow.url
    AIRFLOW_USERNAME   = module.airflow.admin.username
    AIRFLOW_PUBLIC_URL = local.urls.airflow
    RAY_DASHBOARD_URL  = "http://${module.ray.dashboard.host}:${module.ray.dashboard.port}"
    RAY_PUBLIC_URL     = local.urls.ray
  })
  secret_environment = merge(module.model_serving.secret_environment, {
    AIRFLOW_PASSWORD = module.airflow.admin.password_secret
    RAY_AUTH_TOKEN   = module.ray.dashboard.token_secret
  })
  egress = [
    { pods = module.object_storage.selector, ports = [local.storage_port] },
    { pods = module.ray.selector, ports = [local.dashboard_port, local.serve_port] },
    { pods = module.airflow.selector, ports = [local.airflow_port] },
  ]
  node_port = var.node_ports.app
  labels    = local.labels
}

# Labels by which policies know the parts. Spelled out, for the parts that name each other would otherwise wait for
# each other.
locals {
  airflow_pods = { "app.kubernetes.io/name" = "airflow", "app.kubernetes.io/instance" = "airflow" }
  ray_pods     = { "app.kubernetes.io/name" = "ray", "app.kubernetes.io/instance" = "ray" }
  app_pods     = { "app.kubernetes.io/name" = "streamlit-app", "app.kubernetes.io/instance" = "app" }
}
