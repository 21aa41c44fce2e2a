# What the next module takes, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace = "team"
  serve     = { selector = { "app.kubernetes.io/name" = "ray" }, port = 8000 }
  s3        = { endpoint = "http://s3.team.svc:9000", region = "us-east-1", bucket = "models", credentials_secret = "s3-root" }
  model     = "digits"
  send      = ["python", "-m", "digits_serving.send"]
}

run "outputs" {
  assert {
    condition     = output.url == "http://serving.team.svc" && output.start_up == tolist(["python", "-m", "digits_serving.send"])
    error_message = output.url
  }

  assert {
    condition = output.environment == {
      AWS_ENDPOINT_URL_S3 = "http://s3.team.svc:9000"
      AWS_REGION          = "us-east-1"
      BUCKET              = "models"
      MODEL               = "digits"
    }
    error_message = jsonencode(output.environment)
  }

  assert {
    condition     = output.secret_environment["AWS_SECRET_ACCESS_KEY"] == { secret = "s3-root", key = "AWS_SECRET_ACCESS_KEY" }
    error_message = jsonencode(output.secret_environment)
  }
}

run "the_service_is_the_ray_clusters" {
  assert {
    condition     = mlops_manifest.service.manifest.spec.selector == tomap({ "app.kubernetes.io/name" = "ray" }) && mlops_manifest.service.manifest.spec.ports[0].targetPort == 8000
    error_message = jsonencode(mlops_manifest.service.manifest.spec)
  }
}

run "nobody_tells_ray_what_to_serve" {
  command = plan

  variables {
    send = []
  }

  expect_failures = [var.send]
}

run "a_model_that_no_registry_can_hold" {
  command = plan

  variables {
    model = "Digits/1"
  }

  expect_failures = [var.model]
}

run "a_service_that_finds_no_pod" {
  command = plan

  variables {
    serve = { selector = {}, port = 8000 }
  }

  expect_failures = [var.serve]
}

run "a_port_that_there_is_not" {
  command = plan

  variables {
    serve = { selector = { "app.kubernetes.io/name" = "ray" }, port = 65536 }
  }

  expect_failures = [var.serve]
}

run "a_bucket_in_the_address" {
  command = plan

  variables {
    s3 = { endpoint = "http://s3.team.svc:9000/models", region = "us-east-1", bucket = "models", credentials_secret = "s3-root" }
  }

  expect_failures = [var.s3]
}
