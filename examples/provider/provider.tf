terraform {
  required_providers {
    mlops = {
      source  = "mlops/mlops"
      version = "~> 0.1"
    }
  }
}

provider "mlops" {
  config_path    = "~/.kube/config"
  config_context = "production"
}
