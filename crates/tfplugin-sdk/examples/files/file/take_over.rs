//! Files that the provider `hashicorp/local` manages: with a `moved` block they become ours, and none is written anew.

use std::path;

use tfplugin_sdk::{Diagnostic, Diagnostics, Move, Moved, Source};

use super::TextFile;

impl Move for TextFile {
    fn take_over(source: &Source) -> Result<Option<Moved<Self>>, Diagnostics> {
        if !source.is("hashicorp", "local", "local_file") {
            return Ok(None);
        }
        // Its names are relative to where Terraform runs, and ours to a root that is not configured yet.
        let filename = source.state["filename"].as_str().unwrap_or_default();
        let path = path::absolute(filename)
            .ok()
            .and_then(|path| path.into_os_string().into_string().ok());
        let path = path.ok_or_else(|| {
            Diagnostic::error(
                "The file cannot be taken over",
                format!("The state of the `local_file` names {filename:?}, which is no path. Import the file instead."),
            )
        })?;
        let file = Self {
            content: source.state["content"].as_str().map(str::to_owned).into(),
            ..Self::at(path)
        };
        Ok(Some(file.into()))
    }
}
