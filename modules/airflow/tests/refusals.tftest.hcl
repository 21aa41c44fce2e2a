# What is refused at plan. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace     = "team"
  image         = "localhost:5000/airflow:1"
  secrets_image = "localhost:5000/base:1"
  database      = { image = "localhost:5000/postgresql:1" }
}

run "no_database" {
  command = plan

  variables {
    database = {}
  }

  expect_failures = [var.database]
}

run "a_setting_that_is_the_modules" {
  command = plan

  variables {
    environment = { AIRFLOW__CORE__EXECUTOR = "CeleryExecutor" }
  }

  expect_failures = [var.environment]
}

run "a_component_that_there_is_not" {
  command = plan

  variables {
    resources = { webserver = {} }
  }

  expect_failures = [var.resources]
}

run "a_connection_that_no_variable_can_be_called_after" {
  command = plan

  variables {
    connections = { "ray-default" = { conn_type = "ray_jobs" } }
  }

  expect_failures = [var.connections]
}

run "no_scheduler" {
  command = plan

  variables {
    replicas = { scheduler = 0 }
  }

  expect_failures = [var.replicas]
}

run "a_database_of_any_version" {
  command = plan

  variables {
    database = { image = "localhost:5000/postgresql" }
  }

  expect_failures = [var.database]
}

run "a_database_that_is_a_url" {
  command = plan

  variables {
    database = { external = { host = "postgresql://db.example.com", password_secret = "database" } }
  }

  expect_failures = [var.database]
}

run "a_database_without_a_port" {
  command = plan

  variables {
    database = { external = { host = "db.example.com", port = 0, password_secret = "database" } }
  }

  expect_failures = [var.database]
}

run "a_connection_that_is_in_the_environment_as_well" {
  command = plan

  variables {
    connections = { ray_default = { conn_type = "ray_jobs" } }
    environment = { AIRFLOW_CONN_RAY_DEFAULT = "{}" }
  }

  expect_failures = [var.environment]
}

run "a_key_of_the_users_own" {
  command = plan

  variables {
    secret_environment = { AIRFLOW__CORE__FERNET_KEY = { secret = "mine", key = "key" } }
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

run "a_rule_that_would_mean_every_port" {
  command = plan

  variables {
    egress = [{ pods = { app = "ray" }, ports = [] }]
  }

  expect_failures = [var.egress]
}

run "a_port_that_there_is_not" {
  command = plan

  variables {
    egress = [{ pods = { app = "ray" }, ports = [65536] }]
  }

  expect_failures = [var.egress]
}
