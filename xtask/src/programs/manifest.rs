//! The two facts that are read from a go.mod: the version of a required module, and the Go that it needs.

use std::fs;

use anyhow::{Context as _, Result, anyhow};

use super::Program;

/// The go.mod of a program.
pub(super) struct Manifest {
    pub(super) text: String,
    /// The program's version: `v1.35.4`.
    pub(super) version: String,
    /// The oldest Go that builds it.
    pub(super) go: String,
}

impl Manifest {
    pub(super) fn read(program: Program) -> Result<Self> {
        let path = program.source().join("go.mod");
        let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        let missing = |what: &str| anyhow!("{} says no {what}", path.display());
        let version = required_version(&text, program.module());
        let version = version.ok_or_else(|| missing(&format!("version of {}", program.module())))?;
        let go = go_version(&text).ok_or_else(|| missing("version of Go"))?;
        Ok(Self {
            version: version.into(),
            go: go.into(),
            text,
        })
    }
}

/// The version that `text` requires of `module`.
fn required_version<'a>(text: &'a str, module: &str) -> Option<&'a str> {
    // A `replace` line has an arrow, hence more words; a line of a `tool` block has no version.
    words(text).find_map(|words| match words.as_slice() {
        [name, version] | ["require", name, version] if *name == module && version.starts_with('v') => {
            Some(*version)
        }
        _ => None,
    })
}

/// The version of the `go` line.
fn go_version(text: &str) -> Option<&str> {
    words(text).find_map(|words| match words.as_slice() {
        ["go", version] => Some(*version),
        _ => None,
    })
}

fn words(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| {
        line.split("//")
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
// A comment that says go 1.1
module mlops/tools/example

go 1.26.6

tool example.org/tool/v3

require example.org/single v0.9.1

require (
	example.org/tool/v3 v3.6.5 // indirect
	example.org/tool v1.0.0 // indirect
)

replace example.org/other v1.0.0 => example.org/fork v1.1.0
";

    #[test]
    fn versions_are_read_from_blocks_and_single_lines() {
        assert_eq!(required_version(TEXT, "example.org/tool/v3"), Some("v3.6.5"));
        assert_eq!(required_version(TEXT, "example.org/tool"), Some("v1.0.0"));
        assert_eq!(required_version(TEXT, "example.org/single"), Some("v0.9.1"));
    }

    #[test]
    fn replaced_and_absent_modules_have_no_version() {
        assert_eq!(required_version(TEXT, "example.org/other"), None);
        assert_eq!(required_version(TEXT, "example.org/fork"), None);
    }

    #[test]
    fn the_go_line_is_found() {
        assert_eq!(go_version(TEXT), Some("1.26.6"));
        assert_eq!(go_version("module x"), None);
    }
}
