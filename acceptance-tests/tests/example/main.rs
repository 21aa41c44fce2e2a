//! The SDK's example provider `files`, run by Terraform and OpenTofu themselves: what they show, what is on disk afterwards,
//! and what is in no state and no plan.
//!
//! Run by `cargo xtask test protocol`.

mod adopt;
mod documented;
mod life;
mod secrets;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::cli::{Mirror, Program, Workspace};
use xtask::test_bed::TestBed;

const SOURCE: &str = "example/files";

/// What every configuration begins with.
const PROVIDER: &str = r#"
terraform {
  required_providers {
    files = { source = "example/files" }
  }
}

variable "root" {
  type = string
}

provider "files" {
  root = var.root
}
"#;

/// One test: a workspace, and the directory that the provider may write to.
struct Trial {
    workspace: Workspace,
    root: PathBuf,
    program: Program,
    mirror: Mirror,
    binary: PathBuf,
    /// Dropped, and with it everything, when the test ends.
    scratch: TempDir,
}

impl Trial {
    /// Runs `test` with the program, if the machine has it.
    fn run(program: Program, test: fn(&mut Self) -> Result<()>) -> Result<()> {
        let bed = TestBed::from_environment()?;
        let Some(cli) = bed.clis().into_iter().find(|cli| cli.program == program) else {
            return Ok(());
        };
        let folder = bed.provider.parent().context("the provider has no folder")?;
        let binary = folder.join("examples/files");
        let scratch = TempDir::new()?;
        let mirror = Mirror::at(&scratch.path().join("mirror"))?;
        mirror.add(SOURCE, &binary, "0.1.0")?;
        let root = scratch.path().join("root");
        let temporary = scratch.path().join("tmp");
        for directory in [&root, &temporary] {
            fs::create_dir(directory)?;
        }
        let mut workspace = Workspace::new(&scratch.path().join("workspace"), &cli, &mirror)?;
        workspace.set_environment("TMPDIR", &temporary);
        workspace.set_variable("root", root.to_string_lossy())?;
        let mut trial = Self {
            workspace,
            root,
            program,
            mirror,
            binary,
            scratch,
        };
        test(&mut trial).with_context(|| format!("with {cli}"))
    }

    /// Makes this the configuration.
    fn configure(&self, configuration: &str) -> Result<()> {
        self.workspace
            .write("main.tf", &format!("{PROVIDER}\n{configuration}"))?;
        self.workspace.init()?.ok()?;
        Ok(())
    }

    /// Applies, and makes sure that nothing is left to do.
    fn converge(&self) -> Result<()> {
        self.workspace.apply()?.ok()?;
        self.expect_no_change()
    }

    fn expect_no_change(&self) -> Result<()> {
        let plan = self.workspace.plan()?.ok()?;
        ensure!(!plan.has_changes(), "the plan should be empty:\n{}", plan.text());
        Ok(())
    }

    /// Plans, and makes sure that it is refused with these words.
    fn expect_refusal(&self, words: &str) -> Result<()> {
        let plan = self.workspace.plan()?;
        let said = plan.unwrapped();
        ensure!(
            !plan.success() && said.contains(words),
            "{words:?} is not in:\n{}",
            plan.text()
        );
        Ok(())
    }

    /// What becomes of each resource: its address, and the actions.
    fn planned(&self) -> Result<Vec<(String, Value)>> {
        let plan = self.workspace.plan_json()?;
        let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
        let change = |change: &Value| {
            let address = change["address"].as_str().unwrap_or_default().to_owned();
            (address, change["change"]["actions"].clone())
        };
        Ok(changes.iter().map(change).collect())
    }

    /// Puts a state in place in which there is one resource, as another version or provider left it.
    fn store(&self, source: &str, type_name: &str, name: &str, instance: &Value) -> Result<()> {
        let host = match self.program {
            Program::Terraform => "registry.terraform.io",
            Program::Tofu => "registry.opentofu.org",
        };
        let state = json!({
            "version": 4,
            "terraform_version": "1.11.0",
            "serial": 1,
            "lineage": "4d5f6a7e-0000-4000-8000-000000000000",
            "outputs": {},
            "resources": [{
                "mode": "managed",
                "type": type_name,
                "name": name,
                "provider": format!("provider[\"{host}/{source}\"]"),
                "instances": [instance],
            }],
        });
        self.workspace.write("terraform.tfstate", &state.to_string())
    }

    fn write(&self, name: &str, content: &str) -> Result<()> {
        fs::write(self.root.join(name), content).with_context(|| format!("failed to write {name}"))
    }

    fn expect_content(&self, name: &str, expected: &str) -> Result<()> {
        let content =
            fs::read_to_string(self.root.join(name)).with_context(|| format!("failed to read {name}"))?;
        ensure!(
            content == expected,
            "{name} is {content:?}, and should be {expected:?}"
        );
        Ok(())
    }

    /// What is in the root, at any depth.
    fn expect_names(&self, expected: &[&str]) -> Result<()> {
        let names = names(&self.root, "")?;
        ensure!(
            names == expected,
            "there is {names:?}, and should be {expected:?}"
        );
        Ok(())
    }
}

/// The names of everything below a directory, in order.
fn names(directory: &Path, prefix: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            names.extend(self::names(&entry.path(), &format!("{name}/"))?);
        }
        names.push(name);
    }
    names.sort();
    Ok(names)
}

/// Makes two tests of each function, one with Terraform and one with OpenTofu.
macro_rules! trials {
    ($($(#[$meta:meta])* fn $name:ident($trial:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing")]
            use super::*;

            $(#[$meta])*
            fn run($trial: &mut $crate::Trial) -> ::anyhow::Result<()> $body

            #[test]
            fn terraform() -> ::anyhow::Result<()> {
                $crate::Trial::run(::xtask::cli::Program::Terraform, run)
            }

            #[test]
            fn tofu() -> ::anyhow::Result<()> {
                $crate::Trial::run(::xtask::cli::Program::Tofu, run)
            }
        }
    )*};
}
use trials;
