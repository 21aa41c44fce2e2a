provider "garden" {
  gardener = "Ada"
}
