# What components are told, and how Airflow is reached. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace     = "team"
  image         = "localhost:5000/airflow:1"
  secrets_image = "localhost:5000/base:1"
  database      = { image = "localhost:5000/postgresql:1" }
}

run "outputs" {
  assert {
    condition     = output.url == "http://airflow-api-server.team.svc:8080" && output.service.node_port == null
    error_message = output.url
  }

  assert {
    condition     = output.admin.username == "admin" && output.admin.password_secret == { secret = "airflow-keys", key = "admin-password" }
    error_message = jsonencode(output.admin)
  }
}

run "all_four_components_share_their_keys_and_name_no_secret" {
  assert {
    condition     = toset(keys(mlops_manifest.component)) == toset(["api-server", "dag-processor", "scheduler", "triggerer"])
    error_message = jsonencode(keys(mlops_manifest.component))
  }

  assert {
    condition = alltrue(flatten([
      for component in mlops_manifest.component : [
        for name in ["AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "DATABASE_PASSWORD"] : anytrue([
          for variable in component.manifest.spec.template.spec.containers[0].env : variable.name == name && can(variable.valueFrom.secretKeyRef.name)
        ])
      ]
    ]))
    error_message = "A component does not take a key from its Secret."
  }
}

run "connections_are_part_of_the_environment" {
  variables {
    connections = {
      ray_default = {
        conn_type       = "ray_jobs"
        host            = "ray"
        port            = 8265
        password_secret = { secret = "ray-token", key = "token" }
      }
    }
  }

  assert {
    condition = jsondecode([
      for variable in mlops_manifest.migration.manifest.spec.template.spec.containers[0].env : variable.value if variable.name == "AIRFLOW_CONN_RAY_DEFAULT"
    ][0]) == { conn_type = "ray_jobs", host = "ray", password = "$(CONNECTION_PASSWORD_RAY_DEFAULT)", port = 8265 }
    error_message = "The password must be named, and not written down."
  }
}

run "a_database_that_is_somebody_elses" {
  variables {
    database = { external = { host = "db.example.com", password_secret = "database" } }
  }

  assert {
    condition     = length(mlops_manifest.database) == 0 && length(module.database_password) == 0
    error_message = "There must be no database of its own beside the external one."
  }

  assert {
    condition = anytrue([
      for variable in mlops_manifest.migration.manifest.spec.template.spec.containers[0].env :
      try(variable.value, "") == "postgresql+psycopg2://airflow:$(DATABASE_PASSWORD)@db.example.com:5432/airflow"
    ])
    error_message = "The external database is not the one that is used."
  }
}

run "an_ipv6_address_of_the_database_stands_in_brackets" {
  variables {
    database = { external = { host = "2001:db8::5", password_secret = "database" } }
  }

  assert {
    condition = anytrue([
      for variable in mlops_manifest.migration.manifest.spec.template.spec.containers[0].env :
      try(variable.value, "") == "postgresql+psycopg2://airflow:$(DATABASE_PASSWORD)@[2001:db8::5]:5432/airflow"
    ])
    error_message = "Without brackets, the port would be taken for a part of the address."
  }
}

# Kubernetes takes a name once.
run "a_secret_takes_the_place_of_a_setting" {
  variables {
    secret_environment = { AIRFLOW__API__WORKERS = { secret = "sizes", key = "workers" } }
  }

  assert {
    condition = jsonencode([
      for variable in mlops_manifest.migration.manifest.spec.template.spec.containers[0].env : variable if variable.name == "AIRFLOW__API__WORKERS"
    ]) == jsonencode([{ name = "AIRFLOW__API__WORKERS", valueFrom = { secretKeyRef = { name = "sizes", key = "workers" } } }])
    error_message = jsonencode(mlops_manifest.migration.manifest.spec.template.spec.containers[0].env)
  }
}

run "a_scheduler_with_more_processor_time_keeps_its_memory" {
  variables {
    resources = { scheduler = { cpu = "2" } }
  }

  assert {
    condition = (
      mlops_manifest.component["scheduler"].manifest.spec.template.spec.containers[0].resources.requests.cpu == "2"
      && mlops_manifest.component["scheduler"].manifest.spec.template.spec.containers[0].resources.limits.memory == "2Gi"
    )
    error_message = jsonencode(mlops_manifest.component["scheduler"].manifest.spec.template.spec.containers[0].resources)
  }
}

run "names_are_looked_up_in_openshift_as_well" {
  assert {
    condition     = [for port in mlops_manifest.traffic.manifest.spec.egress[0].ports : "${port.port} ${port.protocol}"] == ["53 UDP", "53 TCP", "5353 UDP", "5353 TCP"]
    error_message = jsonencode(mlops_manifest.traffic.manifest.spec.egress)
  }
}
