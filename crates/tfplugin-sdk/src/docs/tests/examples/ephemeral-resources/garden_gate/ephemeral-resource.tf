ephemeral "garden_gate" "south" {
  name = "south"
}
