# Wrong values are refused before anything is planned. Needs no cluster.

mock_provider "mlops" {}

variables {
  kubeconfig     = "main.tf"
  training_image = "localhost:5000/digits-training:1"
  app_image      = "localhost:5000/digits-app:1"
  node_address   = "192.0.2.7"
}

run "an_image_without_a_tag" {
  command = plan

  variables {
    training_image = "localhost:5000/digits-training"
  }

  expect_failures = [var.training_image]
}

run "an_image_with_blanks" {
  command = plan

  variables {
    app_image = "digits app:1"
  }

  expect_failures = [var.app_image]
}

run "a_kubeconfig_that_is_not_there" {
  command = plan

  variables {
    kubeconfig = "no-such-file"
  }

  expect_failures = [var.kubeconfig]
}

run "an_address_with_a_scheme" {
  command = plan

  variables {
    node_address = "http://192.0.2.7"
  }

  expect_failures = [var.node_address]
}

run "a_port_that_no_service_gets" {
  command = plan

  variables {
    node_port = 8080
  }

  expect_failures = [var.node_port]
}

run "a_namespace_in_capitals" {
  command = plan

  variables {
    namespace = "Quickstart"
  }

  expect_failures = [var.namespace]
}

run "half_a_replica" {
  command = plan

  variables {
    replicas = 1.5
  }

  expect_failures = [var.replicas]
}

run "no_replica" {
  command = plan

  variables {
    replicas = 0
  }

  expect_failures = [var.replicas]
}

run "a_size_without_a_unit" {
  command = plan

  variables {
    storage = { size = "100" }
  }

  expect_failures = [var.storage]
}

run "a_volume_that_nobody_writes_to" {
  command = plan

  variables {
    storage = { access_mode = "ReadOnlyMany" }
  }

  expect_failures = [var.storage]
}

run "a_seed_below_zero" {
  command = plan

  variables {
    training = { seed = -1 }
  }

  expect_failures = [var.training]
}

run "an_accuracy_in_percent" {
  command = plan

  variables {
    training = { least_accuracy = 95 }
  }

  expect_failures = [var.training]
}
