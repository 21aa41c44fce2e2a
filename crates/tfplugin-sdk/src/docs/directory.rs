//! Pages in a folder: whether they are up to date, and making them so.

use std::fs;
use std::path::Path;

use super::Page;
use super::error::DocsError;
use super::files::{failed, names, read};

/// Tells a generated page from one written by hand.
pub(super) const MARK: &str =
    "<!-- Generated from the provider's schema and examples: change those, not this page. -->";

/// The folders that hold generated pages. Guides are in another.
const FOLDERS: [&str; 7] = [
    "resources",
    "data-sources",
    "ephemeral-resources",
    "actions",
    "list-resources",
    "state-stores",
    "functions",
];

/// How the files in `directory` differ from `pages`, one sentence for each file.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn differences(pages: &[Page], directory: &Path) -> Result<Vec<String>, DocsError> {
    let mut differences = Vec::new();
    for page in pages {
        match read(&directory.join(&page.path))? {
            None => differences.push(format!("{} is missing", page.path)),
            Some(text) if text != page.text => differences.push(difference(page, &text)),
            Some(_) => {}
        }
    }
    let left = leftovers(pages, directory)?;
    differences.extend(
        left.iter()
            .map(|path| format!("{path} is about nothing that is offered")),
    );
    Ok(differences)
}

/// Makes the generated files in `directory` what `pages` says; those written by hand stay.
///
/// # Errors
/// When a file or folder cannot be read or written.
pub fn write(pages: &[Page], directory: &Path) -> Result<(), DocsError> {
    for page in pages {
        let path = directory.join(&page.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed("create", folder))?;
        }
        fs::write(&path, &page.text).map_err(failed("write", &path))?;
    }
    for left in leftovers(pages, directory)? {
        let path = directory.join(left);
        fs::remove_file(&path).map_err(failed("remove", &path))?;
    }
    Ok(())
}

/// The first line that differs says more than that something does.
fn difference(page: &Page, text: &str) -> String {
    let (mut expected, mut observed) = (page.text.lines(), text.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (expected.next(), observed.next()) {
            (None, None) => return format!("{} differs in its line breaks", page.path),
            (expected, observed) if expected == observed => {}
            (expected, observed) => {
                let (expected, observed) = (shown(expected), shown(observed));
                return format!(
                    "{} differs in line {number}: expected {expected}, observed {observed}",
                    page.path
                );
            }
        }
    }
}

fn shown(line: Option<&str>) -> String {
    line.map_or_else(|| "the end".to_owned(), |line| format!("{line:?}"))
}

/// Generated files that no page stands for any more.
fn leftovers(pages: &[Page], directory: &Path) -> Result<Vec<String>, DocsError> {
    let mut left = Vec::new();
    for folder in FOLDERS {
        for name in names(&directory.join(folder), "md")? {
            let path = format!("{folder}/{name}");
            let offered = pages.iter().any(|page| page.path == path);
            if !offered && read(&directory.join(&path))?.is_some_and(|text| text.contains(MARK)) {
                left.push(path);
            }
        }
    }
    Ok(left)
}
