//! The examples of the documentation: both programs find them valid.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, ensure};

use super::{Trial, trials};

/// Where they are.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/tfplugin-sdk/examples/files/examples")
}

/// Each configuration below a directory, with its name.
fn configurations(directory: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let entries: io::Result<Vec<_>> = fs::read_dir(directory)?.collect();
    for entry in entries.with_context(|| format!("failed to read {}", directory.display()))? {
        let path = entry.path();
        if path.is_dir() {
            found.extend(configurations(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            found.push((path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}

/// Whether a released program of ours can read it: actions need Terraform 1.14, state stores 1.15, and imports by identity 1.12.
fn is_readable(name: &str) -> bool {
    let newer = ["actions/", "state-stores/", "import-by-identity.tf"];
    !newer.iter().any(|part| name.contains(part))
}

fn validate(trial: &Trial, name: &str, text: &str) -> Result<()> {
    // What is imported needs a configuration, which stands on the same page.
    let resource = examples().join("resources/files_file/resource.tf");
    let also = if name.contains("import-by") {
        fs::read_to_string(resource)?
    } else {
        String::new()
    };
    let provider = if text.contains("required_providers") {
        ""
    } else {
        super::PROVIDER
    };
    trial
        .workspace
        .write("main.tf", &format!("{provider}{text}{also}"))?;
    let validated = trial.workspace.run(["validate", "-no-color"])?;
    ensure!(validated.success(), "{name}:\n{}", validated.text());
    Ok(())
}

trials! {
    fn the_examples_are_valid(trial) {
        trial.configure("")?;
        let mut validated = 0;
        for (name, text) in configurations(&examples())? {
            if is_readable(&name) {
                validate(trial, &name, &text)?;
                validated += 1;
            }
        }
        ensure!(validated >= 10, "only {validated} were found");
        Ok(())
    }
}
