//! What is there already: imported, moved from another provider, or stored by an older version of the schema.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use anyhow::{Result, ensure};
use serde_json::json;
use xtask::cli::Program;

use super::{SOURCE, Trial, trials};

const FILE: &str = r#"
resource "files_file" "motd" {
  path    = "motd"
  content = "Be kind."
}
"#;

const BY_ID: &str = r#"
import {
  to = files_file.motd
  id = "motd"
}
"#;

const BY_IDENTITY: &str = r#"
import {
  to = files_file.motd
  identity = {
    path = "motd"
  }
}
"#;

const MOVED: &str = r"
moved {
  from = local_file.motd
  to   = files_file.motd
}
";

/// A file that the provider did not make. If it is written anew, it is another one.
fn found(trial: &Trial) -> Result<u64> {
    trial.write("motd", "Be kind.")?;
    let path = trial.root.join("motd");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
    Ok(fs::metadata(path)?.ino())
}

/// Applies, which must adopt the file and leave it as it was.
fn expect_adoption(trial: &Trial, before: u64) -> Result<()> {
    let planned = trial.planned()?;
    ensure!(
        planned == [("files_file.motd".to_owned(), json!(["no-op"]))],
        "{planned:?}"
    );
    trial.converge()?;
    let after = fs::metadata(trial.root.join("motd"))?.ino();
    ensure!(after == before, "the file was written anew");
    let state = trial.workspace.show_json()?;
    let resources = &state["values"]["root_module"]["resources"];
    ensure!(
        resources[0]["address"] == "files_file.motd" && resources[1].is_null(),
        "{state}"
    );
    ensure!(resources[0]["values"]["content"] == "Be kind.", "{state}");
    trial.workspace.destroy()?.ok()?;
    trial.expect_names(&[])
}

trials! {
    fn a_file_is_imported_by_its_id(trial) {
        let before = found(trial)?;
        trial.configure(&format!("{FILE}{BY_ID}"))?;
        expect_adoption(trial, before)
    }

    /// OpenTofu can from 1.12 on, and Terraform, too; an older one says that it cannot.
    fn a_file_is_imported_by_its_identity(trial) {
        let before = found(trial)?;
        let configuration = format!("{}{FILE}{BY_IDENTITY}", crate::PROVIDER);
        trial.workspace.write("main.tf", &configuration)?;
        let init = trial.workspace.init()?;
        if trial.program == Program::Terraform && !init.success() {
            let said = init.unwrapped();
            ensure!(said.contains(r#"An argument named "identity" is not expected here"#), "{said}");
            return Ok(());
        }
        init.ok()?;
        expect_adoption(trial, before)
    }

    fn a_file_is_imported_by_command(trial) {
        found(trial)?;
        trial.configure(FILE)?;
        trial.workspace.import("files_file.motd", "motd")?.ok()?;
        trial.expect_no_change()?;
        let absent = trial.workspace.import("files_file.other", "other")?;
        ensure!(!absent.success(), "{}", absent.text());
        Ok(())
    }

    fn a_configuration_is_generated(trial) {
        found(trial)?;
        trial.configure(BY_ID)?;
        trial.workspace.run(["plan", "-input=false", "-generate-config-out=generated.tf"])?.ok()?;
        let generated = fs::read_to_string(trial.workspace.directory().join("generated.tf"))?;
        ensure!(generated.contains("Be kind."), "{generated}");
        trial.converge()
    }

    fn a_file_moves_from_another_provider(trial) {
        let before = found(trial)?;
        // Of the other provider only the name matters, as its state is all that is taken from it.
        trial.mirror.add("hashicorp/local", &trial.binary, "2.5.3")?;
        let path = trial.root.join("motd");
        let attributes = json!({"filename": path, "content": "Be kind.", "file_permission": "0644", "id": "1f"});
        let instance = json!({"schema_version": 0, "attributes": attributes, "sensitive_attributes": []});
        trial.store("hashicorp/local", "local_file", "motd", &instance)?;
        trial.configure(&format!("{FILE}{MOVED}"))?;
        expect_adoption(trial, before)
    }

    fn state_of_an_older_schema_is_upgraded(trial) {
        let before = found(trial)?;
        let attributes = json!({"filename": "motd", "content": "Be kind.", "permissions": 0o644});
        let instance = json!({"schema_version": 0, "attributes": attributes, "sensitive_attributes": []});
        trial.store(SOURCE, "files_file", "motd", &instance)?;
        trial.configure(FILE)?;
        expect_adoption(trial, before)
    }
}
