# What the Job is told, and what is refused. Needs no cluster.

mock_provider "mlops" {}

variables {
  namespace = "team"
  name      = "keys"
  image     = "localhost:5000/base:1"
  keys      = { password = {}, fernet-key = { form = "fernet" } }
}

run "the_secret_is_named_once_the_job_has_made_it" {
  assert {
    condition     = output.name == "keys" && toset(output.keys) == toset(["fernet-key", "password"])
    error_message = jsonencode(output.keys)
  }

  assert {
    condition     = jsondecode(mlops_manifest.script.manifest.data["keys.json"]).password == { form = "alphanumeric", length = 32 }
    error_message = mlops_manifest.script.manifest.data["keys.json"]
  }
}

run "the_job_may_read_and_complete_this_one_secret_only" {
  assert {
    condition = alltrue([
      for rule in mlops_manifest.role.manifest.rules : rule.verbs == ["create"] || try(length(rule.resourceNames) == 1, false)
    ])
    error_message = jsonencode(mlops_manifest.role.manifest.rules)
  }
}

run "the_job_follows_the_keys" {
  assert {
    condition     = mlops_manifest.job.manifest.spec.template.metadata.annotations["mlops.dev/script"] == sha256(jsonencode(mlops_manifest.script.manifest.data))
    error_message = "Another key must be another pod template, so that the Job is replaced and adds it."
  }
}

run "a_name_that_is_too_long_for_the_job" {
  command = plan

  variables {
    name = "a-name-of-forty-eight-characters-which-is-too-lo"
  }

  expect_failures = [var.name]
}

run "a_value_that_can_be_guessed" {
  command = plan

  variables {
    keys = { password = { length = 15 } }
  }

  expect_failures = [var.keys]
}

run "a_form_that_there_is_not" {
  command = plan

  variables {
    keys = { password = { form = "hex" } }
  }

  expect_failures = [var.keys]
}

run "an_image_without_a_tag" {
  command = plan

  variables {
    image = "localhost:5000/base"
  }

  expect_failures = [var.image]
}
