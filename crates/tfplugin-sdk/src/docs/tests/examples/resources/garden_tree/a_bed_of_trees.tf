resource "garden_tree" "bed" {
  for_each = toset(["oak", "lime"])
  species  = each.key
}
