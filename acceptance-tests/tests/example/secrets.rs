//! Secrets: on disk as long as they should be, and in no state, plan, log or message.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Result, ensure};

use super::{Trial, names, trials};

const KEY: &str = r#"
variable "key" {
  type      = string
  ephemeral = true
}

variable "key_version" {
  type = number
}

resource "files_file" "key" {
  path           = "key"
  secret         = var.key
  secret_version = var.key_version
}
"#;

const LEASED: &str = r#"
variable "key" {
  type      = string
  ephemeral = true
}

ephemeral "files_temporary_file" "key" {
  content = var.key

  lifecycle {
    postcondition {
      condition     = fileexists(self.path) && file(self.path) == self.content
      error_message = "It is not there."
    }
  }
}

resource "files_file" "key" {
  path           = "key"
  secret         = ephemeral.files_temporary_file.key.content
  secret_version = 1
}
"#;

const FIRST: &str = "correct-horse";
const SECOND: &str = "battery-staple";

/// Sets the secret, by a way that leaves no file behind.
fn set(trial: &mut Trial, key: &str, version: i64) -> Result<()> {
    trial.workspace.set_environment("TF_VAR_key", key);
    trial.workspace.set_variable("key_version", version)
}

/// Looks for the secrets in what the program shows of a plan, and in all that it left.
fn expect_no_trace(trial: &Trial) -> Result<()> {
    let plan = trial.workspace.plan_json()?.to_string();
    for secret in [FIRST, SECOND] {
        ensure!(!plan.contains(secret), "{secret} is in the plan");
    }
    expect_no_trace_in_files(trial)
}

fn expect_no_trace_in_files(trial: &Trial) -> Result<()> {
    let directory = trial.workspace.directory();
    let mut texts = Vec::new();
    for name in names(directory, "")? {
        let path = directory.join(&name);
        if path.is_file() {
            texts.push((name, String::from_utf8_lossy(&fs::read(path)?).into_owned()));
        }
    }
    ensure!(
        texts.iter().any(|(name, _)| name == "terraform.tfstate"),
        "there is no state"
    );
    for (name, text) in texts {
        for secret in [FIRST, SECOND] {
            ensure!(!text.contains(secret), "{secret} is in {name}");
        }
    }
    Ok(())
}

trials! {
    fn a_secret_is_written_anew_with_its_version(trial) {
        let log = trial.workspace.directory().join("provider.log");
        trial.workspace.set_environment("TF_LOG_PROVIDER", "trace");
        trial.workspace.set_environment("TF_LOG_PATH", log);
        trial.configure(KEY)?;
        set(trial, FIRST, 1)?;
        trial.converge()?;
        trial.expect_content("key", FIRST)?;
        let mode = fs::metadata(trial.root.join("key"))?.permissions().mode() & 0o777;
        ensure!(mode == 0o600, "{mode:o}");
        expect_no_trace(trial)?;

        // Without a new version there is nothing to do.
        set(trial, SECOND, 1)?;
        trial.converge()?;
        trial.expect_content("key", FIRST)?;
        set(trial, SECOND, 2)?;
        trial.converge()?;
        trial.expect_content("key", SECOND)?;

        // Somebody writes to it, and lets everybody read it. It is put right, and what is in it stays unread.
        trial.write("key", FIRST)?;
        fs::set_permissions(trial.root.join("key"), fs::Permissions::from_mode(0o644))?;
        trial.workspace.run(["apply", "-refresh-only", "-auto-approve", "-input=false"])?.ok()?;
        expect_no_trace(trial)?;
        trial.converge()?;
        trial.expect_content("key", SECOND)?;
        expect_no_trace(trial)?;
        trial.workspace.destroy()?.ok()?;
        trial.expect_names(&[])
    }

    fn a_secret_needs_a_version(trial) {
        trial.configure(r#"resource "files_file" "key" {
  path   = "key"
  secret = "correct-horse"
}"#)?;
        trial.expect_refusal("secret_version")
    }

    fn a_temporary_file_is_gone_in_the_end(trial) {
        trial.configure(LEASED)?;
        trial.workspace.set_environment("TF_VAR_key", FIRST);
        trial.converge()?;
        trial.expect_content("key", FIRST)?;
        // Terraform 1.11 cannot show a plan or a state in which an ephemeral resource has a condition: it crashes.
        expect_no_trace_in_files(trial)?;
        let left = names(&trial.scratch.path().join("tmp"), "")?;
        ensure!(!left.iter().any(|name| name.contains("files-")), "{left:?}");
        Ok(())
    }
}
