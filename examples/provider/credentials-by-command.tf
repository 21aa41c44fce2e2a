# Credentials by a command, asked again when the server refuses them.
provider "mlops" {
  host                   = "https://api.example.com:6443"
  cluster_ca_certificate = file("ca.pem")

  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "production"]
  }
}
