data "files_directory" "pages" {
  path   = "pages"
  suffix = ".html"
}

output "pages" {
  value = data.files_directory.pages.names
}
