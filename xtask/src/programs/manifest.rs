//! The two facts that are read from a go.mod: the version of a required module, and the Go that it needs.

/// The version that `text` requires of `module`.
pub(super) fn required_version<'a>(text: &'a str, module: &str) -> Option<&'a str> {
    // A `replace` line has an arrow, hence more words; a line of a `tool` block has no version.
    words(text).find_map(|words| match words.as_slice() {
        [name, version] | ["require", name, version] if *name == module && version.starts_with('v') => {
            Some(*version)
        }
        _ => None,
    })
}

/// The version of the `go` line.
pub(super) fn go_version(text: &str) -> Option<&str> {
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

    const MANIFEST: &str = "\
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
        assert_eq!(required_version(MANIFEST, "example.org/tool/v3"), Some("v3.6.5"));
        assert_eq!(required_version(MANIFEST, "example.org/tool"), Some("v1.0.0"));
        assert_eq!(required_version(MANIFEST, "example.org/single"), Some("v0.9.1"));
    }

    #[test]
    fn replaced_and_absent_modules_have_no_version() {
        assert_eq!(required_version(MANIFEST, "example.org/other"), None);
        assert_eq!(required_version(MANIFEST, "example.org/fork"), None);
    }

    #[test]
    fn the_go_line_is_found() {
        assert_eq!(go_version(MANIFEST), Some("1.26.6"));
        assert_eq!(go_version("module x"), None);
    }
}
