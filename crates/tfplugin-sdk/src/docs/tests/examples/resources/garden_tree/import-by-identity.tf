import {
  to = garden_tree.example
  identity = {
    species = "oak"
  }
}
