terraform import files_directory.pages pages
