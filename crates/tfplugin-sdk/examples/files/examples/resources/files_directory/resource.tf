resource "files_directory" "pages" {
  path = "pages"
}
