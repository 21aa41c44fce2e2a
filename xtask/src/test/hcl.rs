//! The project's HCL: its form, and the tests beside it, which need no cluster.

mod flows;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::run::must_succeed;
use crate::cli::forget_user_settings;
use crate::test_bed::TestBed;
use crate::{process, project, working_copy};

/// Folders that hold configurations, at any depth.
const FOLDERS: [&str; 2] = ["examples", "modules"];
/// What a file of tests is called.
const TESTS: &str = ".tftest.hcl";
/// A plan without a cluster that takes longer is stuck.
const LIMIT: Duration = Duration::from_mins(5);

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

/// Runs the tests of every configuration that has some, and validates the modules' examples, with each program that
/// there is and the provider's schema.
pub(super) fn test(bed: &TestBed) -> Result<()> {
    let copies = Copies::make(bed)?;
    let tested = folders_where(&copies.folders, has_tests)?
        .into_iter()
        .map(|folder| (folder, "test"));
    let minimal = folders_where(&copies.folders, is_minimal)?
        .into_iter()
        .map(|folder| (folder, "validate"));
    for (folder, action) in tested.chain(minimal) {
        for program in bed.terraform.iter().chain(&bed.tofu) {
            // The modules that it is made of; the provider is there already.
            for action in ["get", action] {
                must_succeed(copies.command(program, &folder).arg(action))
                    .with_context(|| format!("{action} in {}", folder.display()))?;
            }
        }
    }
    Ok(())
}

/// Fails unless the pipeline's network policies allow what its parts need of each other, and nothing else.
pub(super) fn check_flows(bed: &TestBed) -> Result<()> {
    let copies = Copies::make(bed)?;
    let examples = folders_where(&copies.folders, |folder| folder.ends_with(flows::EXAMPLE))?;
    let example = examples.first().context("the pipeline has no example")?;
    let (name, text) = flows::OVERRIDE;
    fs::write(example.join(name), text).with_context(|| format!("failed to write {name}"))?;
    for program in bed.terraform.iter().chain(&bed.tofu) {
        must_succeed(copies.command(program, example).arg("get"))?;
        copies.print(program, example, &["plan", "-input=false", "-out=plan"])?;
        let plan = copies.print(program, example, &["show", "-json", "plan"])?;
        let plan = serde_json::from_str(&plan).context("the plan is no JSON")?;
        flows::check(&plan).with_context(|| format!("planned by {}", program.display()))?;
    }
    Ok(())
}

/// The configurations beside each other as in the checkout, where what programs leave does not land among the sources;
/// and the provider for them.
struct Copies {
    folders: Vec<PathBuf>,
    overrides: PathBuf,
    _folder: TempDir,
}

impl Copies {
    fn make(bed: &TestBed) -> Result<Self> {
        let folder = tempfile::tempdir().context("failed to create a folder for the tests")?;
        let overrides = folder.path().join("cli.tfrc");
        let provider = bed.provider.parent().context("the provider has no folder")?;
        let provider = serde_json::Value::from(provider.to_string_lossy());
        let text = format!(
            "provider_installation {{\n  dev_overrides {{ \"mlops/mlops\" = {provider} }}\n  direct {{}}\n}}\n"
        );
        fs::write(&overrides, text).with_context(|| format!("failed to write {}", overrides.display()))?;
        Ok(Self {
            folders: copies(&folder.path().join("checkout"))?,
            overrides,
            _folder: folder,
        })
    }

    /// A program that is ready to be run in one of the folders.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        forget_user_settings(&mut command);
        command
            .env("TF_CLI_CONFIG_FILE", &self.overrides)
            .env("CHECKPOINT_DISABLE", "1")
            .current_dir(folder);
        command
    }

    /// What a program prints.
    fn print(&self, program: &Path, folder: &Path, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(program, folder);
        let captured = process::capture(command.args(arguments), LIMIT)?;
        ensure!(
            captured.status.success(),
            "`{}` ended with {}:\n{}",
            process::describe(&command),
            captured.status,
            captured.stderr
        );
        Ok(captured.stdout)
    }
}

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

/// The folders at or below `folders` that a condition holds for.
fn folders_where(folders: &[PathBuf], holds: fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        if holds(folder) {
            found.push(folder.clone());
        }
        let inner: Vec<PathBuf> = entries(folder)?
            .into_iter()
            .filter(|path| path.is_dir())
            .collect();
        found.extend(folders_where(&inner, holds)?);
    }
    Ok(found)
}

/// Whether a configuration has a file of tests in its folder `tests`.
fn has_tests(folder: &Path) -> bool {
    entries(&folder.join("tests")).is_ok_and(|files| files.iter().any(|path| is_test(path)))
}

/// Whether it is a module's example.
fn is_minimal(folder: &Path) -> bool {
    folder.ends_with("examples/minimal")
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
        let found = folders_where(&[root.path().to_path_buf()], has_tests)?;
        assert_eq!(found, ["deep/two", "one"].map(|folder| root.path().join(folder)));
        Ok(())
    }

    #[test]
    fn the_quickstart_is_among_them_and_each_module_has_an_example() -> Result<()> {
        let found = folders_where(&folders(), has_tests)?;
        assert!(
            found.iter().any(|folder| folder.ends_with("examples/quickstart")),
            "{found:?}"
        );
        let minimal = folders_where(&folders(), is_minimal)?;
        let has_one = |folder: &&PathBuf| minimal.contains(&folder.join("examples/minimal"));
        let modules = entries(&project::root().join("modules"))?;
        let modules: Vec<PathBuf> = modules.into_iter().filter(|path| path.is_dir()).collect();
        assert_eq!(
            modules.iter().filter(has_one).count(),
            modules.len(),
            "{minimal:?}"
        );
        Ok(())
    }
}
