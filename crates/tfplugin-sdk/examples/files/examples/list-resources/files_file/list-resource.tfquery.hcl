list "files_file" "pages" {
  provider = files

  config {
    directory = "pages"
    suffix    = ".html"
  }
}
