//! The rules of the house that no compiler knows.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::project;

/// The longest that a source file may be.
const LONGEST: usize = 800;
/// Folders of one machine: what names them works on no other. In pieces, so that this file may be checked as well.
const MACHINE_FOLDERS: [&str; 3] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
];

/// Checks every file that git knows, and names all that break a rule.
pub(super) fn check() -> Result<()> {
    let root = project::root();
    let mut problems = Vec::new();
    for name in files(&root)? {
        // Deleted but not yet committed, or no text: neither can break a rule.
        if let Ok(text) = fs::read_to_string(root.join(&name)) {
            problems.extend(problems_of(&name, &text, &root.to_string_lossy()));
        }
    }
    if !problems.is_empty() {
        bail!(
            "{} rules of the house are broken:\n  {}",
            problems.len(),
            problems.join("\n  ")
        );
    }
    Ok(())
}

/// Tracked files, and new ones that are not ignored.
fn files(root: &Path) -> Result<Vec<String>> {
    let mut command = Command::new("git");
    command
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root);
    let output = command.output().context("failed to start git")?;
    if !output.status.success() {
        bail!(
            "`git ls-files` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let names = String::from_utf8(output.stdout).context("a file's name is no UTF-8")?;
    Ok(names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

fn problems_of(name: &str, text: &str, root: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let extension = Path::new(name).extension().unwrap_or_default();
    let is_source = ["rs", "tf", "hcl"].iter().any(|source| extension == *source);
    let lines = text.lines().count();
    if is_source && lines > LONGEST {
        problems.push(format!(
            "{name}: {lines} lines, and {LONGEST} is the most: divide it by ideas"
        ));
    }
    if extension == "rs" && !text.starts_with("//!") && !text.starts_with("#![doc =") {
        problems.push(format!(
            "{name}:1: must begin with `//!` and say what it is and why"
        ));
    }
    for (index, line) in text.lines().enumerate() {
        if let Some(folder) = MACHINE_FOLDERS
            .iter()
            .chain([&root])
            .find(|folder| names_folder(line, folder))
        {
            problems.push(format!(
                "{name}:{}: names {folder}, a folder of one machine",
                index + 1
            ));
        }
    }
    problems
}

/// Whether `line` names the absolute path `folder`, and not one that merely contains it further down.
fn names_folder(line: &str, folder: &str) -> bool {
    let inside = |before: char| before.is_alphanumeric() || "._-/}$".contains(before);
    line.match_indices(folder)
        .any(|(start, _)| !line[..start].ends_with(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(name: &str, text: &str) -> Vec<String> {
        problems_of(name, text, "/checkout")
    }

    #[test]
    fn a_file_that_keeps_the_rules_is_left_alone() {
        assert_eq!(problems("a.rs", "//! Why.\nfn a() {}\n"), Vec::<String>::new());
        assert_eq!(
            problems("a.md", &"line\n".repeat(LONGEST + 1)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn long_files_and_files_without_a_purpose_are_named() {
        let long = problems("a.tf", &"x\n".repeat(LONGEST + 1));
        assert!(long[0].starts_with("a.tf: 801 lines"), "{long:?}");
        let silent = problems("src/a.rs", "fn a() {}");
        assert!(silent[0].starts_with("src/a.rs:1: must begin"), "{silent:?}");
    }

    #[test]
    fn folders_of_one_machine_are_named_with_their_line() {
        for folder in MACHINE_FOLDERS.iter().chain(&["/checkout"]) {
            let found = problems("a.md", &format!("first\nsee {folder}x"));
            assert_eq!(
                found,
                [format!("a.md:2: names {folder}, a folder of one machine")]
            );
            assert_eq!(problems("a.md", &format!("srv{folder}x")), Vec::<String>::new());
        }
    }
}
