# What the next modules take, what pods are told, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace     = "team"
  image         = "localhost:5000/ray:1"
  secrets_image = "localhost:5000/base:1"
}

run "outputs" {
  assert {
    condition = jsonencode(output.dashboard) == jsonencode({
      host         = "ray-dashboard.team.svc"
      node_port    = null
      port         = 8265
      token_secret = { key = "token", secret = "ray-token" }
    })
    error_message = jsonencode(output.dashboard)
  }

  assert {
    condition     = output.serve.port == 8000 && output.serve.selector["app.kubernetes.io/component"] == "head"
    error_message = jsonencode(output.serve)
  }
}

run "a_token_is_asked_for_and_not_written_down" {
  assert {
    condition = alltrue([
      for pods in [mlops_manifest.head, mlops_manifest.workers] : anytrue([
        for variable in pods.manifest.spec.template.spec.containers[0].env : variable.name == "RAY_AUTH_MODE" && try(variable.value, "") == "token"
      ])
    ])
    error_message = "Ray must ask for a token."
  }

  assert {
    condition = alltrue([
      for variable in mlops_manifest.head.manifest.spec.template.spec.containers[0].env :
      variable.name != "RAY_AUTH_TOKEN" || can(variable.valueFrom.secretKeyRef.key)
    ])
    error_message = jsonencode(mlops_manifest.head.manifest.spec.template.spec.containers[0].env)
  }
}

run "the_head_is_told_what_to_run_when_it_has_started" {
  variables {
    start_up = ["python", "-m", "send"]
  }

  assert {
    condition     = mlops_manifest.head.manifest.spec.template.spec.containers[0].args == tolist(["python", "-m", "send"])
    error_message = jsonencode(mlops_manifest.head.manifest.spec.template.spec.containers[0].args)
  }
}

run "two_heads_are_never_there_at_a_time" {
  assert {
    condition     = mlops_manifest.head.manifest.spec.replicas == 1 && mlops_manifest.head.manifest.spec.strategy.type == "Recreate"
    error_message = jsonencode(mlops_manifest.head.manifest.spec.strategy)
  }
}

run "another_script_is_another_head" {
  assert {
    condition     = mlops_manifest.head.manifest.spec.template.metadata.annotations["mlops.dev/scripts"] == sha256(jsonencode(mlops_manifest.scripts.manifest.data))
    error_message = jsonencode(mlops_manifest.head.manifest.spec.template.metadata)
  }
}

run "names_are_looked_up_in_openshift_as_well" {
  assert {
    condition     = [for port in mlops_manifest.traffic.manifest.spec.egress[1].ports : "${port.port} ${port.protocol}"] == ["53 UDP", "53 TCP", "5353 UDP", "5353 TCP"]
    error_message = jsonencode(mlops_manifest.traffic.manifest.spec.egress)
  }
}

run "an_object_store_that_ray_refuses" {
  command = plan

  variables {
    head = { object_store_bytes = 78643199 }
  }

  expect_failures = [var.head]
}

run "workers_that_nothing_can_be_given_to" {
  command = plan

  variables {
    workers = { ray_cpus = 0 }
  }

  expect_failures = [var.workers]
}

run "a_token_of_the_users_own" {
  command = plan

  variables {
    environment = { RAY_AUTH_TOKEN = "mine" }
  }

  expect_failures = [var.environment]
}

run "a_port_that_kubernetes_does_not_give" {
  command = plan

  variables {
    dashboard_node_port = 8265
  }

  expect_failures = [var.dashboard_node_port]
}

run "half_a_byte" {
  command = plan

  variables {
    workers = { object_store_bytes = 78643200.5 }
  }

  expect_failures = [var.workers]
}

run "a_size_of_the_users_own" {
  command = plan

  variables {
    secret_environment = { RAY_CPUS = { secret = "mine", key = "cpus" } }
  }

  expect_failures = [var.secret_environment]
}

run "a_variable_that_is_secret_and_is_not" {
  command = plan

  variables {
    environment        = { TOKEN = "mine" }
    secret_environment = { TOKEN = { secret = "mine", key = "token" } }
  }

  expect_failures = [var.secret_environment]
}

run "clients_without_labels" {
  command = plan

  variables {
    clients = [null]
  }

  expect_failures = [var.clients]
}

run "a_rule_without_labels" {
  command = plan

  variables {
    egress = [{ pods = null, ports = [9000] }]
  }

  expect_failures = [var.egress]
}

run "a_port_that_there_is_not" {
  command = plan

  variables {
    egress = [{ pods = { app = "object-storage" }, ports = [0] }]
  }

  expect_failures = [var.egress]
}
