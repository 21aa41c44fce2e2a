action "garden_prune" "oak" {
  config {
    tree = "oak"
  }
}
