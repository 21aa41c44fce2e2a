# How the parts are put together, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  images = {
    base           = "localhost:5000/base:1"
    object_storage = "localhost:5000/object-storage:1"
    postgresql     = "localhost:5000/postgresql:1"
    airflow        = "localhost:5000/airflow:1"
    ray            = "localhost:5000/ray:1"
    app            = "localhost:5000/app:1"
  }
  model         = "digits"
  serve_command = ["python", "-m", "digits_serving.send"]
  node_address  = "192.0.2.7"
}

run "outputs" {
  assert {
    condition = output.urls == {
      airflow = "http://192.0.2.7:30081"
      app     = "http://192.0.2.7:30080"
      ray     = "http://192.0.2.7:30082"
    }
    error_message = jsonencode(output.urls)
  }

  assert {
    condition     = output.s3.endpoint == "http://object-storage.pipeline.svc:9000" && output.model_url == "http://serving.pipeline.svc"
    error_message = jsonencode(output.s3)
  }
}

run "the_namespace_enforces_restricted" {
  assert {
    condition     = mlops_manifest.namespace.manifest.metadata.labels["pod-security.kubernetes.io/enforce"] == "restricted"
    error_message = jsonencode(mlops_manifest.namespace.manifest)
  }
}

# Policies name each other's pods by labels that are spelled out: they must be those of the pods.
run "policies_name_the_pods_that_there_are" {
  assert {
    condition     = local.airflow_pods == module.airflow.selector && local.ray_pods == module.ray.selector
    error_message = jsonencode([module.airflow.selector, module.ray.selector])
  }
}

run "an_ipv6_address_stands_in_brackets" {
  variables {
    node_address = "2001:db8::7"
  }

  assert {
    condition     = output.urls.app == "http://[2001:db8::7]:30080"
    error_message = output.urls.app
  }
}

run "programs_that_upload_are_told_all_that_they_need" {
  assert {
    condition = output.environment == {
      AWS_ENDPOINT_URL_S3 = "http://object-storage.pipeline.svc:9000"
      AWS_REGION          = "us-east-1"
      BUCKET              = "pipeline"
      MODEL               = "digits"
      SERVE_URL           = "http://serving.pipeline.svc"
    }
    error_message = jsonencode(output.environment)
  }

  assert {
    condition     = toset([for source in values(output.secret_environment) : source.secret]) == toset(["object-storage-root"])
    error_message = jsonencode(output.secret_environment)
  }
}

run "two_parts_on_one_port" {
  command = plan

  variables {
    node_ports = { app = 30081 }
  }

  expect_failures = [var.node_ports]
}

run "one_worker" {
  command = plan

  variables {
    workers = 1
  }

  expect_failures = [var.workers]
}

run "an_image_without_a_tag" {
  command = plan

  variables {
    images = {
      base           = "localhost:5000/base"
      object_storage = "localhost:5000/object-storage:1"
      postgresql     = "localhost:5000/postgresql:1"
      airflow        = "localhost:5000/airflow:1"
      ray            = "localhost:5000/ray:1"
      app            = "localhost:5000/app:1"
    }
  }

  expect_failures = [var.images]
}

run "clients_without_labels" {
  command = plan

  variables {
    clients = [{}]
  }

  expect_failures = [var.clients]
}

run "an_address_with_a_port" {
  command = plan

  variables {
    node_address = "192.0.2.7:80"
  }

  expect_failures = [var.node_address]
}

run "an_access_mode_that_no_two_nodes_can_have" {
  command = plan

  variables {
    storage = { access_mode = "ReadWriteOncePod" }
  }

  expect_failures = [var.storage]
}
