terraform {
  required_providers {
    files = {
      source = "example/files"
    }
  }
}

provider "files" {
  root = "${path.module}/site"
}
