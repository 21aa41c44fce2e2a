resource "garden_tree" "branches" {
  species  = "lime"
  branches = [{ length = 2 }]
}
