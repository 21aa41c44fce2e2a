//! From the first plan to the end: created, read, changed from outside, changed, replaced, destroyed.

use std::fs;

use anyhow::ensure;
use serde_json::json;

use super::trials;

const SITE: &str = r#"
variable "title" {
  default = "Welcome"
}

variable "name" {
  default = "index.html"
}

resource "files_directory" "pages" {
  path = "pages"
}

resource "files_file" "index" {
  path    = provider::files::join_path(files_directory.pages.path, var.name)
  content = "<h1>${var.title}</h1>"
}

data "files_directory" "pages" {
  path       = files_directory.pages.path
  suffix     = ".html"
  depends_on = [files_file.index]
}

output "pages" {
  value = data.files_directory.pages.names
}

output "same" {
  value = files_file.index.checksum == provider::files::checksum("<h1>${var.title}</h1>")
}
"#;

const ELSEWHERE: &str = r#"
resource "files_file" "index" {
  path    = "../index.html"
  content = "x"
}
"#;

const OUTSIDE: &str = r#"
resource "files_file" "index" {
  path    = "/index.html"
  content = "x"
}
"#;

const ARGUMENT: &str = r#"
output "path" {
  value = provider::files::join_path("pages", "en", "/index.html")
}
"#;

const LATER: &str = r#"
resource "files_directory" "root" {
  path = "inner"
}

provider "files" {
  alias = "inner"
  root  = "${var.root}/${terraform_data.name.output}"
}

# Known after the apply: the second provider is planned with an unknown root.
resource "terraform_data" "name" {
  input = files_directory.root.path
}

resource "files_file" "index" {
  provider = files.inner
  path     = "index.html"
  content  = terraform_data.name.output
}
"#;

trials! {
    fn a_site_lives(trial) {
        trial.configure(SITE)?;
        trial.converge()?;
        trial.expect_names(&["pages", "pages/index.html"])?;
        trial.expect_content("pages/index.html", "<h1>Welcome</h1>")?;
        let outputs = trial.workspace.output_json()?;
        ensure!(outputs["pages"]["value"] == json!(["index.html"]), "{outputs}");
        ensure!(outputs["same"]["value"] == json!(true), "{outputs}");

        // Changed from outside, and gone.
        trial.write("pages/index.html", "<blink>")?;
        trial.converge()?;
        trial.expect_content("pages/index.html", "<h1>Welcome</h1>")?;
        fs::remove_dir_all(trial.root.join("pages"))?;
        trial.converge()?;
        trial.expect_content("pages/index.html", "<h1>Welcome</h1>")?;

        trial.workspace.set_variable("title", "Hello")?;
        let planned = trial.planned()?;
        ensure!(planned.contains(&("files_file.index".to_owned(), json!(["update"]))), "{planned:?}");
        trial.converge()?;
        trial.expect_content("pages/index.html", "<h1>Hello</h1>")?;
        trial.workspace.set_variable("name", "home.html")?;
        let planned = trial.planned()?;
        ensure!(planned.contains(&("files_file.index".to_owned(), json!(["delete", "create"]))), "{planned:?}");
        trial.converge()?;
        trial.expect_names(&["pages", "pages/home.html"])?;

        trial.workspace.destroy()?.ok()?;
        trial.expect_names(&[])
    }

    fn a_path_that_leads_elsewhere_is_refused(trial) {
        trial.configure(ELSEWHERE)?;
        trial.expect_refusal("The value must be a path in which no part is `..`")?;
        trial.configure(OUTSIDE)?;
        trial.expect_refusal("The path leads out of the root")?;
        // It points at the attribute.
        trial.expect_refusal(r#"path = "/index.html""#)?;
        trial.expect_names(&[])
    }

    fn a_function_points_at_its_argument(trial) {
        trial.configure(ARGUMENT)?;
        trial.expect_refusal(r#""/index.html" does not stay below "pages/en""#)?;
        trial.expect_refusal(r#"Invalid value for "parts" parameter"#)
    }

    fn a_root_may_come_to_be_during_the_apply(trial) {
        trial.configure(LATER)?;
        trial.converge()?;
        trial.expect_content("inner/index.html", "inner")?;
        trial.workspace.destroy()?.ok()?;
        trial.expect_names(&[])
    }

    fn what_is_in_the_way_is_left_alone(trial) {
        trial.write("index.html", "mine")?;
        trial.configure(r#"resource "files_file" "index" {
  path    = "index.html"
  content = "x"
}"#)?;
        let apply = trial.workspace.apply()?;
        ensure!(!apply.success() && apply.unwrapped().contains("To manage what is there, import it"), "{}", apply.text());
        trial.expect_content("index.html", "mine")
    }
}
