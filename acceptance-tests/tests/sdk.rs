//! The SDK's example providers, run by Terraform and OpenTofu themselves.
//!
//! Run by `cargo xtask test protocol`.

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::cli::{Mirror, Workspace};
use xtask::test_bed::TestBed;

const CONFIGURATION: &str = r#"
terraform {
  required_providers {
    greeting = { source = "example/greeting" }
  }
}

variable "names" {
  type    = list(string)
  default = ["Ada", "Grace", "Barbara"]
}

resource "greeting_card" "all" {
  name = provider::greeting::join("and", var.names...)
}

output "text" {
  value = greeting_card.all.text
}

output "nobody" {
  value = provider::greeting::join("and")
}

# What is not known while planning is not handed to the function.
output "again" {
  value = provider::greeting::join("und", greeting_card.all.text, "Max")
}
"#;

const EPHEMERAL: &str = r#"
terraform {
  required_providers {
    greeting = { source = "example/greeting" }
  }
}

variable "expected" {
  type    = string
  default = "Hello Ada, psst"
}

ephemeral "greeting_whisper" "ada" {
  name = "Ada"

  lifecycle {
    postcondition {
      condition     = self.text == var.expected
      error_message = "It is not what was expected."
    }
  }
}
"#;

/// Runs `test` with the example provider under each of the two programs.
fn with_greeting(configuration: &str, test: impl Fn(&mut Workspace) -> Result<()>) -> Result<()> {
    with_example("greeting", configuration, test)
}

fn with_example(name: &str, configuration: &str, test: impl Fn(&mut Workspace) -> Result<()>) -> Result<()> {
    let bed = TestBed::from_environment()?;
    let folder = bed.provider.parent().context("the provider has no folder")?;
    let example = folder.join("examples").join(name);
    for cli in bed.clis() {
        let scratch = TempDir::new()?;
        let mirror = Mirror::at(&scratch.path().join("mirror"))?;
        mirror.add(&format!("example/{name}"), &example, "0.1.0")?;
        let mut workspace = Workspace::new(&scratch.path().join("workspace"), &cli, &mirror)?;
        workspace.write("main.tf", configuration)?;
        workspace.init()?.ok()?;
        test(&mut workspace).with_context(|| format!("with {cli}"))?;
    }
    Ok(())
}

#[test]
fn functions_in_expressions() -> Result<()> {
    with_greeting(CONFIGURATION, |workspace| {
        workspace.apply()?.ok()?;
        let outputs = workspace.output_json()?;
        ensure!(
            outputs["text"]["value"] == "Hello Ada, Grace and Barbara",
            "{outputs}"
        );
        ensure!(outputs["nobody"]["value"] == "", "{outputs}");
        ensure!(
            outputs["again"]["value"] == "Hello Ada, Grace and Barbara und Max",
            "{outputs}"
        );
        ensure!(
            !workspace.plan()?.ok()?.has_changes(),
            "the second plan should be empty"
        );
        Ok(())
    })
}

#[test]
fn a_function_refuses_an_argument() -> Result<()> {
    with_greeting(CONFIGURATION, |workspace| {
        workspace.set_variable("names", serde_json::json!(["Ada", ""]))?;
        let plan = workspace.plan()?;
        ensure!(!plan.success(), "{}", plan.text());
        let said = plan.unwrapped();
        ensure!(said.contains("a name must not be empty"), "{said}");
        // It points at the argument.
        ensure!(said.contains("Invalid value for \"names\" parameter"), "{said}");
        Ok(())
    })
}

#[test]
fn ephemeral_resources_leave_nothing() -> Result<()> {
    with_greeting(EPHEMERAL, |workspace| {
        workspace.set_environment("TF_LOG_PROVIDER", "info");
        let log = workspace.directory().join("provider.log");
        workspace.set_environment("TF_LOG_PATH", &log);
        workspace.apply()?.ok()?;
        let log = std::fs::read_to_string(&log)?;
        ensure!(log.contains("it was never said"), "it was not closed:\n{log}");
        let state = workspace.show_json()?;
        ensure!(!state.to_string().contains("psst"), "{state}");
        workspace.set_variable("expected", "something else")?;
        let plan = workspace.plan()?;
        ensure!(
            !plan.success() && plan.unwrapped().contains("It is not what was expected."),
            "{}",
            plan.text()
        );
        Ok(())
    })
}

const NOTES: &str = r#"
terraform {
  required_providers {
    notes = { source = "example/notes" }
  }
}

variable "path" {
  type = string
}

variable "text" {
  type    = string
  default = "Milk"
}

resource "notes_note" "shopping" {
  path = var.path
  text = var.text
}
"#;

/// The provider of the SDK's README does what it says.
#[test]
fn the_provider_of_the_readme() -> Result<()> {
    with_example("notes", NOTES, |workspace| {
        let path = workspace.directory().join("shopping.txt");
        let on_disk = || std::fs::read_to_string(&path);
        workspace.set_variable("path", serde_json::json!(path))?;
        workspace.apply()?.ok()?;
        ensure!(on_disk()? == "Milk", "{}", on_disk()?);
        ensure!(
            !workspace.plan()?.ok()?.has_changes(),
            "the second plan should be empty"
        );
        workspace.set_variable("text", serde_json::json!("Tea"))?;
        workspace.apply()?.ok()?;
        ensure!(on_disk()? == "Tea", "{}", on_disk()?);
        // What somebody else has changed or taken away comes back.
        std::fs::write(&path, "Wine")?;
        workspace.apply()?.ok()?;
        ensure!(on_disk()? == "Tea", "{}", on_disk()?);
        std::fs::remove_file(&path)?;
        ensure!(workspace.plan()?.ok()?.has_changes(), "the note is gone");
        workspace.apply()?.ok()?;
        workspace.set_variable("path", serde_json::json!("/proc/no/such/folder"))?;
        let refused = workspace.apply()?;
        ensure!(
            !refused.success()
                && refused
                    .unwrapped()
                    .contains("The file of the note cannot be used"),
            "{}",
            refused.text()
        );
        workspace.set_variable("path", serde_json::json!(path))?;
        workspace.apply()?.ok()?;
        workspace.destroy()?.ok()?;
        ensure!(!path.exists(), "the note should be gone");
        Ok(())
    })
}
