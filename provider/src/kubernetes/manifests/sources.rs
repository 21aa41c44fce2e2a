//! Finding and reading the files that `paths` names.

use std::fs;
use std::path::{Path as FilePath, PathBuf};

use tfplugin_sdk::{Diagnostic, Diagnostics, Path, Step};

/// A text with a name for messages, and the attribute that it came by.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) path: Path,
}

/// Reads every file that `paths` names, once each, in the order of the names within each entry.
///
/// # Errors
/// When an entry names nothing, or a file cannot be read.
pub(super) fn read(paths: &[String]) -> Result<Vec<Source>, Diagnostics> {
    let mut sources: Vec<Source> = Vec::new();
    let mut problems = Diagnostics::default();
    for (step, entry) in (0..).map(Step::Index).zip(paths) {
        let path = Path::attribute("paths").join(step);
        match files(entry) {
            Ok(files) => {
                for file in files {
                    let name = file.display().to_string();
                    if sources.iter().any(|source| source.name == name) {
                        continue;
                    }
                    match fs::read_to_string(&file) {
                        Ok(text) => sources.push(Source {
                            name,
                            text,
                            path: path.clone(),
                        }),
                        Err(error) => problems.push(unreadable(&name, &error).at(path.clone())),
                    }
                }
            }
            Err(problem) => problems.push(problem.at(path)),
        }
    }
    problems.ok(sources)
}

fn files(entry: &str) -> Result<Vec<PathBuf>, Diagnostic> {
    let path = FilePath::new(entry);
    if path.is_dir() {
        return folder(path);
    }
    if path.exists() {
        return Ok(vec![path.to_owned()]);
    }
    if !entry.contains(['*', '?', '[']) {
        return Err(Diagnostic::error(
            "No such file or folder",
            format!(
                "`{entry}` does not exist. Relative paths start in {}, where Terraform runs; to start at the module, \
                 write `${{path.module}}/…`.",
                std::env::current_dir()
                    .map_or_else(|_| "the folder".to_owned(), |folder| folder.display().to_string())
            ),
        ));
    }
    let matches = glob::glob(entry).map_err(|error| {
        Diagnostic::error("Invalid pattern", format!("`{entry}` is not a pattern: {error}."))
    })?;
    let mut files: Vec<_> = matches
        .filter_map(Result::ok)
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    if files.is_empty() {
        let detail = format!("No file matches `{entry}`. Correct the pattern, or remove it.");
        return Err(Diagnostic::error("The pattern matches nothing", detail));
    }
    Ok(files)
}

fn folder(path: &FilePath) -> Result<Vec<PathBuf>, Diagnostic> {
    let entries = fs::read_dir(path).map_err(|error| unreadable(&path.display().to_string(), &error))?;
    let is_manifest = |file: &PathBuf| {
        let extension = file.extension().and_then(|extension| extension.to_str());
        file.is_file() && matches!(extension, Some("yaml" | "yml" | "json"))
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_manifest)
        .collect();
    files.sort();
    if files.is_empty() {
        let detail = format!(
            "The folder `{}` holds no file that ends in `.yaml`, `.yml` or `.json`. Folders in it are not read: name \
             them by a pattern such as `{0}/**/*.yaml`.",
            path.display()
        );
        return Err(Diagnostic::error("The folder holds no manifests", detail));
    }
    Ok(files)
}

fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("The file cannot be read", format!("`{name}`: {error}."))
}
