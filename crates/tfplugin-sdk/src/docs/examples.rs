//! The examples of one page, read from their files.

use std::path::Path;

use super::error::DocsError;
use super::files;
use super::subject::Subject;

const IMPORT_COMMAND: &str = "import.sh";
const IMPORT_BLOCK: &str = "import-by-string-id.tf";
const IMPORT_IDENTITY: &str = "import-by-identity.tf";

/// The examples of one page.
pub(super) struct Examples {
    /// The one that every page has.
    pub(super) main: String,
    /// The others, in the order of their files' names.
    pub(super) more: Vec<Example>,
    /// How to import by command.
    pub(super) import_command: Option<String>,
    /// How to import by configuration.
    pub(super) import_block: Option<String>,
    /// The same, by identity.
    pub(super) import_identity: Option<String>,
}

/// One example beside the main one.
pub(super) struct Example {
    pub(super) title: String,
    pub(super) text: String,
}

impl Examples {
    pub(super) fn read(root: &Path, subject: &Subject<'_>) -> Result<Self, DocsError> {
        let folder = subject.examples(root);
        let main = folder.join(subject.main_example());
        let text = read(&main)?.ok_or_else(|| DocsError::MissingExample {
            subject: subject.name.to_owned(),
            path: main.clone(),
        })?;
        let more = files::names(&folder, "tf")?
            .into_iter()
            .filter(|name| ![subject.main_example(), IMPORT_BLOCK, IMPORT_IDENTITY].contains(&name.as_str()));
        let by_id = subject.importable;
        let mut examples = Self {
            main: text,
            more: Vec::new(),
            import_command: import(&folder.join(IMPORT_COMMAND), subject, by_id)?,
            import_block: import(&folder.join(IMPORT_BLOCK), subject, by_id)?,
            import_identity: import(&folder.join(IMPORT_IDENTITY), subject, subject.identity.is_some())?,
        };
        for name in more {
            examples
                .more
                .extend(read(&folder.join(&name))?.map(|text| Example {
                    title: title(&name),
                    text,
                }));
        }
        Ok(examples)
    }
}

fn import(path: &Path, subject: &Subject<'_>, possible: bool) -> Result<Option<String>, DocsError> {
    let text = read(path)?;
    if text.is_some() && !possible {
        return Err(DocsError::NotImportable {
            subject: subject.name.to_owned(),
            path: path.to_owned(),
        });
    }
    Ok(text)
}

/// The text of a file; a file that is empty is as good as none.
fn read(path: &Path) -> Result<Option<String>, DocsError> {
    let text = files::read(path)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// `with-a-wait.tf` is about "With a wait".
fn title(file: &str) -> String {
    let mut title = file.trim_end_matches(".tf").replace(['-', '_'], " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}
