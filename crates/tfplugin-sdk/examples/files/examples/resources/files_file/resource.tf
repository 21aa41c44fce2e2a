resource "files_directory" "pages" {
  path = "pages"
}

resource "files_file" "index" {
  path    = provider::files::join_path(files_directory.pages.path, "index.html")
  content = "<h1>Welcome</h1>"
}
