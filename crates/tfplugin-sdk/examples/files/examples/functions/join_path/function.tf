output "path" {
  value = provider::files::join_path("pages", "en", "index.html")
}
