# What the configuration makes of its variables, and of what the training published. Needs no cluster.

mock_provider "mlops" {
  mock_data "mlops_object" {
    defaults = {
      object = {
        data = {
          accuracy = "0.9911"
          file     = "digits-0123456789ab.onnx"
          sha256   = "0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123"
          version  = "0123456789ab"
        }
      }
    }
  }
}

variables {
  kubeconfig     = "main.tf"
  training_image = "localhost:5000/digits-training:1"
  app_image      = "registry.example.com/team/digits-app@sha256:0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123"
  node_address   = "192.0.2.7"
}

run "outputs" {
  assert {
    condition     = output.url == "http://192.0.2.7:30080"
    error_message = output.url
  }
}

run "an_ipv6_address_stands_in_brackets" {
  variables {
    node_address = "2001:db8::7"
    node_port    = 31234
  }

  assert {
    condition     = output.url == "http://[2001:db8::7]:31234"
    error_message = output.url
  }
}

run "the_application_rolls_when_the_model_changes" {
  override_data {
    target = data.mlops_object.model
    values = {
      object = {
        data = {
          accuracy = "0.98"
          file     = "digits-another.onnx"
          sha256   = "ba9876543210ba9876543210ba9876543210ba9876543210ba9876543210ba98"
          version  = "another"
        }
      }
    }
  }

  assert {
    condition = { for variable in mlops_manifest.app.manifest.spec.template.spec.containers[0].env : variable.name => variable.value } == {
      MODEL_ACCURACY = "0.98"
      MODEL_FILE     = "/models/digits-another.onnx"
      MODEL_SHA256   = "ba9876543210ba9876543210ba9876543210ba9876543210ba9876543210ba98"
      MODEL_VERSION  = "another"
    }
    error_message = "The Deployment's pod template does not name the model."
  }
}

run "a_model_that_was_never_published_is_an_error" {
  command = plan

  override_data {
    target = data.mlops_object.model
    values = { object = {} }
  }

  expect_failures = [data.mlops_object.model]
}

run "pods_keep_to_restricted_and_choose_no_user" {
  assert {
    condition = alltrue([
      for pod in [mlops_manifest.training.manifest.spec.template.spec, mlops_manifest.app.manifest.spec.template.spec] :
      pod.securityContext == { runAsNonRoot = true, seccompProfile = { type = "RuntimeDefault" } } &&
      alltrue([for container in pod.containers : !contains(keys(container.securityContext), "runAsUser")])
    ])
    error_message = "A pod names a user or a group, or leaves out what `restricted` asks for."
  }
}
