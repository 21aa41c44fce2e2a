# What `resource "local_file" "motd"` was before. Nothing is written anew.
moved {
  from = local_file.motd
  to   = files_file.motd
}

resource "files_file" "motd" {
  path    = "motd"
  content = "Be kind."
  mode    = "0777"
}
