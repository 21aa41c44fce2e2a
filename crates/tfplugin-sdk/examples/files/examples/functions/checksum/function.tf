output "checksum" {
  value = provider::files::checksum("<h1>Welcome</h1>")
}
