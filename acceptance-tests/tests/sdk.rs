//! The SDK's example provider, run by Terraform and OpenTofu themselves.
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
    let bed = TestBed::from_environment()?;
    let folder = bed.provider.parent().context("the provider has no folder")?;
    let greeting = folder.join("examples/greeting");
    for cli in bed.clis() {
        let scratch = TempDir::new()?;
        let mirror = Mirror::at(&scratch.path().join("mirror"))?;
        mirror.add("example/greeting", &greeting, "0.1.0")?;
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
