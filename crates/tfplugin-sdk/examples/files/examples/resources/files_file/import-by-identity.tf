import {
  to = files_file.index
  identity = {
    path = "pages/index.html"
  }
}
