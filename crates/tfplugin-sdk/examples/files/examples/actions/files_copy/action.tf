action "files_copy" "backup" {
  config {
    from = "pages"
    to   = "backup"
  }
}
