# What pods are told, how the application is reached, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace = "team"
  name      = "app"
  image     = "localhost:5000/app:1"
}

run "reached_within_the_cluster" {
  assert {
    condition     = output.url == "http://app.team.svc" && output.service.node_port == null
    error_message = output.url
  }

  assert {
    condition     = mlops_manifest.service.manifest.spec.type == "ClusterIP" && mlops_manifest.service.manifest.spec.sessionAffinity == "ClientIP"
    error_message = jsonencode(mlops_manifest.service.manifest.spec)
  }

  assert {
    condition     = length(mlops_manifest.traffic.manifest.spec.egress) == 0
    error_message = "Who calls nobody needs no names either."
  }
}

run "reached_from_outside" {
  variables {
    node_port = 30080
  }

  assert {
    condition     = mlops_manifest.service.manifest.spec.type == "NodePort" && mlops_manifest.service.manifest.spec.ports[0].nodePort == 30080
    error_message = jsonencode(mlops_manifest.service.manifest.spec)
  }
}

run "environment_and_secrets" {
  variables {
    environment        = { SERVE_URL = "http://serving" }
    secret_environment = { TOKEN = { secret = "ray-token", key = "token" } }
    egress             = [{ pods = { app = "ray" }, ports = [8000] }]
  }

  assert {
    condition     = [for variable in mlops_manifest.app.manifest.spec.template.spec.containers[0].env : variable.name] == ["SERVE_URL", "TOKEN"]
    error_message = jsonencode(mlops_manifest.app.manifest.spec.template.spec.containers[0].env)
  }

  assert {
    condition     = mlops_manifest.app.manifest.spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef == { name = "ray-token", key = "token" }
    error_message = jsonencode(mlops_manifest.app.manifest.spec.template.spec.containers[0].env)
  }

  assert {
    condition     = length(mlops_manifest.traffic.manifest.spec.egress) == 2
    error_message = "DNS, and those that are called."
  }

  assert {
    condition     = [for port in mlops_manifest.traffic.manifest.spec.egress[0].ports : "${port.port} ${port.protocol}"] == ["53 UDP", "53 TCP", "5353 UDP", "5353 TCP"]
    error_message = "Names are looked up in OpenShift as well."
  }
}

run "probes_ask_streamlit_itself" {
  assert {
    condition = alltrue([
      for probe in ["startupProbe", "readinessProbe", "livenessProbe"] :
      mlops_manifest.app.manifest.spec.template.spec.containers[0][probe].httpGet.path == "/_stcore/health"
    ])
    error_message = "Any other path answers 200 as well."
  }
}

run "too_many_replicas" {
  command = plan

  variables {
    replicas = 21
  }

  expect_failures = [var.replicas]
}

run "a_port_that_kubernetes_does_not_give" {
  command = plan

  variables {
    node_port = 8501
  }

  expect_failures = [var.node_port]
}

run "a_rule_that_would_mean_everybody" {
  command = plan

  variables {
    egress = [{ pods = {}, ports = [80] }]
  }

  expect_failures = [var.egress]
}

run "a_port_that_there_is_not" {
  command = plan

  variables {
    egress = [{ pods = { app = "ray" }, ports = [8000.5] }]
  }

  expect_failures = [var.egress]
}

run "a_variable_that_is_secret_and_is_not" {
  command = plan

  variables {
    environment        = { TOKEN = "mine" }
    secret_environment = { TOKEN = { secret = "mine", key = "token" } }
  }

  expect_failures = [var.secret_environment]
}
