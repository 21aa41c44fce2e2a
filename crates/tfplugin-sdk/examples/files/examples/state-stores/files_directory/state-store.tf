terraform {
  required_providers {
    files = {
      source = "example/files"
    }
  }

  state_store "files_directory" {
    provider "files" {
      root = "/srv/terraform"
    }

    path = "states"
  }
}
