resource "garden_tree" "example" {
  species = "oak"
}
