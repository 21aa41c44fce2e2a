//! The client: it turns the paths of configurations into paths on disk, and refuses those that lead elsewhere.

use std::path::{Component, Path, PathBuf};

use tfplugin_sdk::Diagnostic;
use tfplugin_sdk::model::Field;
use tfplugin_sdk::schema::Validator;
use tfplugin_sdk::validators;

/// The directory that everything is in.
#[derive(Debug)]
pub(crate) struct Root(Option<PathBuf>);

impl Root {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(Some(path))
    }

    /// One that is not known before the apply.
    pub(crate) fn unknown() -> Self {
        Self(None)
    }

    pub(crate) fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Where the thing in the root is on disk that the attribute `name` calls `path`. Links on the way are followed, so that
    /// none leads out of the root.
    pub(crate) fn resolve<U>(&self, name: &str, path: &Field<String, U>) -> Result<PathBuf, Diagnostic> {
        let root = self.real()?;
        let path = path.require()?;
        // Collecting the components drops every `.`.
        let full: PathBuf = root.join(path).components().collect();
        let mut above = full.ancestors().skip(1);
        let existing = above.find_map(|place| Some((place, place.canonicalize().ok()?)));
        if let Some((place, real)) = existing
            && real.starts_with(&root)
            && stays_below(path)
            && let Ok(rest) = full.strip_prefix(place)
        {
            // What does not exist yet is no link.
            return Ok(real.join(rest));
        }
        Err(Diagnostic::error(
            "The path leads out of the root",
            format!(
                "The provider's root is {}, and {path:?} is not inside of it.\n\nGive a path that is relative to the root, \
                 or configure the provider with another root.",
                root.display()
            ),
        )
        .at(name))
    }

    /// The same of a directory, which may be the root itself, and is if there is no path.
    pub(crate) fn directory<U>(&self, name: &str, path: &Field<String, U>) -> Result<PathBuf, Diagnostic> {
        match path.get().map(String::as_str) {
            None | Some(".") => self.real(),
            Some(_) => self.resolve(name, path),
        }
    }

    /// Refuses a path while planning, as far as it and the root are known.
    pub(crate) fn check<U>(&self, name: &str, path: &Field<String, U>) -> Result<(), Diagnostic> {
        if path.is_unknown() || !self.is_known() {
            return Ok(());
        }
        self.resolve(name, path).map(drop)
    }

    /// Whether two paths are spelled differently at most.
    pub(crate) fn is_same<U>(&self, one: &Field<String, U>, other: &Field<String, U>) -> bool
    where
        U: PartialEq,
    {
        let (Some(a), Some(b)) = (one.get(), other.get()) else {
            return false;
        };
        a == b || matches!((self.resolve("path", one), self.resolve("path", other)), (Ok(a), Ok(b)) if a == b)
    }

    fn real(&self) -> Result<PathBuf, Diagnostic> {
        let Some(root) = &self.0 else {
            return Err(Diagnostic::error(
                "The root is not known yet",
                "The provider's `root` depends on something that is not there before the apply. Apply that first, for \
                 example with `-target`.",
            ));
        };
        root.canonicalize().map_err(|error| {
            Diagnostic::error(
                "The root cannot be used",
                format!(
                    "The provider's root is {}: {error}. The directory must exist.",
                    root.display()
                ),
            )
        })
    }
}

/// What a path must be whatever the root is, for an attribute to be validated by.
pub(crate) fn inner_path() -> impl Validator {
    validators::text("a path in which no part is `..`", |path| {
        !path.is_empty() && stays_below(path)
    })
}

pub(crate) fn stays_below(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| part != Component::ParentDir)
}
