//! Terraform and OpenTofu in a workspace of their own, with nothing but what they have built in.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use xtask::cli::{Cli, Mirror, Workspace};
use xtask::test_bed::TestBed;

const CONFIGURATION: &str = r#"
variable "word" {
  type = string
}

resource "terraform_data" "echo" {
  input = var.word
}

output "word" {
  value = terraform_data.echo.output
}
"#;

/// Runs `test` once with each program, in a folder that is gone afterwards.
fn with_each_cli(test: impl Fn(&Cli, &Path, &Mirror) -> Result<()>) -> Result<()> {
    let bed = TestBed::from_environment()?;
    for cli in bed.clis() {
        let directory = tempfile::tempdir()?;
        let mirror = Mirror::prepare(&directory.path().join("mirror"), &bed.provider, "0.1.0")?;
        test(&cli, &directory.path().join("workspace"), &mirror).with_context(|| format!("with {cli}"))?;
    }
    Ok(())
}

#[test]
fn a_configuration_is_applied_planned_and_destroyed() -> Result<()> {
    with_each_cli(|cli, directory, mirror| {
        let mut workspace = Workspace::new(directory, cli, mirror)?;
        workspace.write("main.tf", CONFIGURATION)?;
        workspace.set_variable("word", "first")?;
        workspace.init()?.ok()?;
        assert!(workspace.plan()?.ok()?.has_changes());
        workspace.apply()?.ok()?;
        assert!(!workspace.plan()?.ok()?.has_changes());
        assert_eq!(workspace.output_json()?["word"]["value"], "first");

        workspace.set_variable("word", "second")?;
        let plan = workspace.plan_json()?;
        assert_eq!(
            plan["resource_changes"][0]["change"]["actions"],
            serde_json::json!(["update"])
        );
        workspace.destroy()?.ok()?;
        assert!(workspace.show_json()?["values"].is_null());
        Ok(())
    })
}

#[test]
fn an_error_is_an_outcome_with_the_diagnostic_in_it() -> Result<()> {
    with_each_cli(|cli, directory, mirror| {
        let workspace = Workspace::new(directory, cli, mirror)?;
        workspace.write("main.tf", CONFIGURATION)?;
        workspace.init()?.ok()?;
        let outcome = workspace.plan()?;
        assert!(!outcome.success());
        assert!(
            outcome.unwrapped().contains("No value for required variable"),
            "{}",
            outcome.text()
        );
        Ok(())
    })
}

#[test]
fn nothing_is_read_from_or_written_to_the_users_home() -> Result<()> {
    with_each_cli(|cli, directory, mirror| {
        let mut workspace = Workspace::new(directory, cli, mirror)?;
        let configuration = r#"
output "home" {
  value = pathexpand("~")
}
"#;
        workspace.write("main.tf", configuration)?;
        workspace.set_environment("TF_VAR_unused", "harmless");
        workspace.init()?.ok()?;
        workspace.apply()?.ok()?;
        let outputs = workspace.output_json()?;
        let home = outputs["home"]["value"].as_str().unwrap_or_default();
        assert!(Path::new(home).starts_with(workspace.directory()), "{home}");
        assert!(fs::read_to_string(workspace.cli_configuration())?.contains("filesystem_mirror"));
        Ok(())
    })
}
