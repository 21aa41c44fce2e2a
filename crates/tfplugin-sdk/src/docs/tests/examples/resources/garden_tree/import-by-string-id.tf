import {
  to = garden_tree.example
  id = "oak/1"
}
