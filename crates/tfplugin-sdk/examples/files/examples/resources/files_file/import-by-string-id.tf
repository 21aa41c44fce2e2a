import {
  to = files_file.index
  id = "pages/index.html"
}
