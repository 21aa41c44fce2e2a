terraform {
  state_store "garden_shed" {
    provider "garden" {}

    place = "behind the oak"
  }
}
