output "litres" {
  value = provider::garden::water("summer", 3, 4)
}
