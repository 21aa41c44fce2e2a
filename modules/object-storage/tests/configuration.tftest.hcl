# What clients are told, what pods are told, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace     = "team"
  image         = "localhost:5000/object-storage:1"
  secrets_image = "localhost:5000/base:1"
}

run "outputs" {
  assert {
    condition = output.s3 == {
      endpoint           = "http://object-storage.team.svc:9000"
      region             = "us-east-1"
      bucket             = "pipeline"
      credentials_secret = "object-storage-root"
    }
    error_message = jsonencode(output.s3)
  }
}

run "credentials_are_named_and_not_written_down" {
  assert {
    condition = alltrue([
      for variable in mlops_manifest.server.manifest.spec.template.spec.containers[0].env :
      variable.name == "BUCKETS" || can(variable.valueFrom.secretKeyRef.name)
    ])
    error_message = jsonencode(mlops_manifest.server.manifest.spec.template.spec.containers[0].env)
  }
}

run "pods_keep_to_restricted_and_choose_no_user" {
  assert {
    condition = (
      mlops_manifest.server.manifest.spec.template.spec.securityContext == { runAsNonRoot = true, seccompProfile = { type = "RuntimeDefault" } }
      && mlops_manifest.server.manifest.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem
    )
    error_message = jsonencode(mlops_manifest.server.manifest.spec.template.spec.securityContext)
  }
}

run "every_pod_of_the_namespace_may_call" {
  assert {
    condition     = jsonencode(mlops_manifest.traffic.manifest.spec.ingress[0].from) == jsonencode([{ podSelector = { matchLabels = {} } }])
    error_message = jsonencode(mlops_manifest.traffic.manifest.spec.ingress)
  }
}

run "only_those_that_are_named_may_call" {
  variables {
    clients = [{ app = "one" }, { app = "two" }]
  }

  assert {
    condition     = [for peer in mlops_manifest.traffic.manifest.spec.ingress[0].from : peer.podSelector.matchLabels["app"]] == ["one", "two"]
    error_message = jsonencode(mlops_manifest.traffic.manifest.spec.ingress)
  }
}

run "a_storage_class_of_the_platforms" {
  variables {
    storage = { class = "fast", size = "1Ti" }
  }

  assert {
    condition     = mlops_manifest.server.manifest.spec.volumeClaimTemplates[0].spec.storageClassName == "fast"
    error_message = jsonencode(mlops_manifest.server.manifest.spec.volumeClaimTemplates)
  }
}

run "a_bucket_with_a_dot" {
  command = plan

  variables {
    bucket = "my.bucket"
  }

  expect_failures = [var.bucket]
}

run "a_size_without_a_unit" {
  command = plan

  variables {
    storage = { size = "10" }
  }

  expect_failures = [var.storage]
}

run "clients_without_labels" {
  command = plan

  variables {
    clients = [{}]
  }

  expect_failures = [var.clients]
}

run "an_image_without_a_tag" {
  command = plan

  variables {
    image = "object-storage"
  }

  expect_failures = [var.image]
}

run "clients_that_are_null" {
  command = plan

  variables {
    clients = [null]
  }

  expect_failures = [var.clients]
}
