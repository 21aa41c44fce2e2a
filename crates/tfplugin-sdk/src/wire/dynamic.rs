//! Values on the wire.

use bytes::Bytes;

use super::proto;
use crate::diagnostic::Diagnostic;
use crate::value::{self, Type, Value};

/// Reads a value of type `ty` that Terraform sent. A message that is absent or empty is null.
pub(crate) fn read_dynamic(message: Option<&proto::DynamicValue>, ty: &Type) -> Result<Value, Diagnostic> {
    decode_dynamic(message, ty).map_err(|problem| {
        Diagnostic::bug(format!(
            "Terraform sent a value that does not fit the schema: {problem}."
        ))
    })
}

/// The same for a value from anywhere; what is wrong with it is a fragment of a sentence.
pub(crate) fn decode_dynamic(message: Option<&proto::DynamicValue>, ty: &Type) -> Result<Value, String> {
    let Some(message) = message else {
        return Ok(Value::Null);
    };
    if !message.msgpack.is_empty() {
        value::decode(&message.msgpack, ty).map_err(|error| error.to_string())
    } else if message.json.is_empty() {
        Ok(Value::Null)
    } else {
        value::from_json(&message.json, ty).map_err(|error| error.to_string())
    }
}

/// Writes a value of type `ty`.
pub(crate) fn write_dynamic(value: &Value, ty: &Type) -> Result<proto::DynamicValue, Diagnostic> {
    let msgpack = value::encode(value, ty).map_err(|error| {
        Diagnostic::bug(format!(
            "The provider made a value that does not fit its schema: {error}."
        ))
    })?;
    Ok(proto::DynamicValue {
        msgpack: Bytes::from(msgpack),
        json: Bytes::new(),
    })
}

/// The JSON of stored state.
pub(crate) fn read_raw_state(message: Option<proto::RawState>) -> Result<Vec<u8>, Diagnostic> {
    match message {
        Some(raw) if !raw.json.is_empty() => Ok(raw.json),
        Some(raw) if !raw.flatmap.is_empty() => Err(Diagnostic::error(
            "The state is in the format of Terraform 0.11 and before",
            "This provider has never written such state. Remove the resource from the state and import it again.",
        )),
        _ => Ok(b"null".to_vec()),
    }
}
