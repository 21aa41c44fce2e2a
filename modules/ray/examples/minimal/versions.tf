terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    mlops = {
      source  = "mlops/mlops"
      version = "~> 0.1"
    }
  }
}

provider "mlops" {
  config_path = "~/.kube/config"
}
