//! State that was stored by version 0 of the schema, which called the path `filename`, and had permissions as a number.

use serde_json::Value as Json;
use tfplugin_sdk::model::Text as _;
use tfplugin_sdk::{Diagnostic, Diagnostics, Upgrade};

use super::{Mode, TextFile};

impl Upgrade for TextFile {
    fn upgrade(version: i64, mut state: Json) -> Result<Json, Diagnostics> {
        let Some(attributes) = state.as_object_mut() else {
            let detail = format!("Version {version} of the schema stored an object, and this is none.");
            return Err(Diagnostic::error("The state is not readable", detail).into());
        };
        if let Some(filename) = attributes.remove("filename") {
            attributes.insert("path".to_owned(), filename);
        }
        let permissions = attributes.remove("permissions");
        let bits = permissions.and_then(|number| u32::try_from(number.as_u64()?).ok());
        if let Some(bits) = bits {
            attributes.insert("mode".to_owned(), Mode::of(bits).as_str().into());
        }
        Ok(state)
    }
}
