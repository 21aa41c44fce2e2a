//! Functions, which need no configured provider: `provider::files::checksum(…)` and `provider::files::join_path(…)`.

use tfplugin_sdk::Function;
use tfplugin_sdk::function::{FunctionError, Variadic};

use super::disk;
use super::root::stays_below;

/// The SHA-256 of a text, in hexadecimal digits: the `checksum` of a `files_file` with that content.
#[derive(Function)]
#[function(name = "checksum")]
pub(crate) struct Checksum {
    /// The text.
    text: String,
}

impl Function for Checksum {
    type Return = String;

    fn call(self) -> Result<String, FunctionError> {
        Ok(disk::checksum(&self.text))
    }
}

/// Joins the parts of a path, each of which stays below the one before.
#[derive(Function)]
#[function(name = "join_path")]
pub(crate) struct JoinPath {
    /// The first part, for example the path of a `files_directory`.
    base: String,
    /// The others, none of them empty, absolute or with a `..`.
    parts: Variadic<String>,
}

impl Function for JoinPath {
    type Return = String;

    fn call(self) -> Result<String, FunctionError> {
        let mut path = self.base;
        for (place, part) in self.parts.0.iter().enumerate() {
            if part.is_empty() || part.starts_with('/') || !stays_below(part) {
                let text =
                    format!("{part:?} does not stay below {path:?}: it is empty, absolute or has a `..`");
                // Those of the variadic parameter come after the base.
                return Err(FunctionError::of_argument(place + 1, text));
            }
            if !path.is_empty() && !path.ends_with('/') {
                path.push('/');
            }
            path.push_str(part);
        }
        Ok(path)
    }
}
