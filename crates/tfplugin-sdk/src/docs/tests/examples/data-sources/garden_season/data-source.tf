data "garden_season" "now" {}
