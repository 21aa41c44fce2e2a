terraform import files_file.index pages/index.html
