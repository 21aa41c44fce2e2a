list "garden_tree" "limes" {
  provider = garden

  config {
    species = "lime"
  }
}
