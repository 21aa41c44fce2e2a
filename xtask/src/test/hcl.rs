//! The project's HCL: its form, and the tests beside it, which need no cluster.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::run::must_succeed;
use crate::cli::forget_user_settings;
use crate::test_bed::TestBed;
use crate::{project, working_copy};

/// Folders that hold configurations, at any depth.
const FOLDERS: [&str; 2] = ["examples", "modules"];
/// What a file of tests is called.
const TESTS: &str = ".tftest.hcl";

/// Fails unless every file has the form that `tofu fmt` gives it.
pub(super) fn check_format(bed: &TestBed) -> Result<()> {
    let tofu = bed.tofu.as_ref().context("there is no tofu")?;
    let mut command = Command::new(tofu);
    forget_user_settings(&mut command);
    must_succeed(
        command
            .args(["fmt", "-check", "-diff", "-recursive"])
            .args(folders())
            .current_dir(project::root()),
    )
}

/// Runs the tests of every configuration that has some, with each program that there is and the provider's schema.
pub(super) fn test(bed: &TestBed) -> Result<()> {
    let folder = tempfile::tempdir().context("failed to create a folder for the tests")?;
    let copies = copies(&folder.path().join("checkout"))?;
    let overrides = folder.path().join("cli.tfrc");
    let provider = bed.provider.parent().context("the provider has no folder")?;
    let provider = serde_json::Value::from(provider.to_string_lossy());
    let text = format!(
        "provider_installation {{\n  dev_overrides {{ \"mlops/mlops\" = {provider} }}\n  direct {{}}\n}}\n"
    );
    fs::write(&overrides, text).with_context(|| format!("failed to write {}", overrides.display()))?;
    for folder in tested_folders(&copies)? {
        for program in bed.terraform.iter().chain(&bed.tofu) {
            // The modules that it is made of; the provider is there already.
            for action in ["get", "test"] {
                let mut command = Command::new(program);
                forget_user_settings(&mut command);
                command
                    .arg(action)
                    .env("TF_CLI_CONFIG_FILE", &overrides)
                    .env("CHECKPOINT_DISABLE", "1")
                    .current_dir(&folder);
                must_succeed(&mut command).with_context(|| format!("the tests of {}", folder.display()))?;
            }
        }
    }
    Ok(())
}

/// The configurations beside each other as in the checkout, where what programs leave does not land among the sources.
fn copies(checkout: &Path) -> Result<Vec<PathBuf>> {
    let copy = |folder: PathBuf| {
        let name = folder.file_name().context("a folder without a name")?;
        let copy = checkout.join(name);
        working_copy::make(&folder, &copy)?;
        Ok(copy)
    };
    folders().into_iter().map(copy).collect()
}

fn folders() -> Vec<PathBuf> {
    let folders = FOLDERS.map(|folder| project::root().join(folder));
    folders.into_iter().filter(|folder| folder.is_dir()).collect()
}

/// The configurations below `folders` that have a file of tests in their folder `tests`.
fn tested_folders(folders: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        let inner = entries(folder)?;
        let tests = folder.join("tests");
        if tests.is_dir() && entries(&tests)?.iter().any(|path| is_test(path)) {
            found.push(folder.clone());
        }
        let inner: Vec<PathBuf> = inner.into_iter().filter(|path| path.is_dir()).collect();
        found.extend(tested_folders(&inner)?);
    }
    Ok(found)
}

fn is_test(path: &Path) -> bool {
    path.to_string_lossy().ends_with(TESTS)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("failed to read the folder {}", folder.display());
    let entries = fs::read_dir(folder).with_context(failed)?;
    let mut paths = entries
        .map(|entry| Ok(entry.with_context(failed)?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_with_tests_are_found_at_any_depth() -> Result<()> {
        let root = tempfile::tempdir()?;
        for folder in ["one/tests", "deep/two/tests", "none/tests", "other"] {
            fs::create_dir_all(root.path().join(folder))?;
        }
        for file in [
            "one/tests/a.tftest.hcl",
            "deep/two/tests/b.tftest.hcl",
            "none/tests/a.tf",
        ] {
            fs::write(root.path().join(file), "")?;
        }
        let found = tested_folders(&[root.path().to_path_buf()])?;
        assert_eq!(found, ["deep/two", "one"].map(|folder| root.path().join(folder)));
        Ok(())
    }

    #[test]
    fn the_quickstart_is_among_them() -> Result<()> {
        let found = tested_folders(&folders())?;
        assert!(
            found.iter().any(|folder| folder.ends_with("examples/quickstart")),
            "{found:?}"
        );
        Ok(())
    }
}
