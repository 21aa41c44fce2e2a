//! Reading one object: present, gone, or an error, and never one for the other.

use tfplugin_sdk::{CancellationToken, Diagnostics, Path};

use super::record::{Live, Record};
use crate::kubernetes::api::Lookup;
use crate::kubernetes::connection::Connection;
use crate::kubernetes::diagnostics;
use crate::kubernetes::object::ObjectKey;

/// Reads the part of an object that is ours; `None` if the object is gone.
///
/// # Errors
/// When the server cannot be asked.
pub async fn read(
    connection: &Connection,
    key: &ObjectKey,
    field_manager: &str,
    before: Option<&Record>,
    cancellation: &CancellationToken,
) -> Result<Option<Live>, Diagnostics> {
    let path = Path::attribute("object");
    let lookup = tokio::select! {
        lookup = connection.get_among_others(key) => lookup.map_err(|error| diagnostics::api(&error, key, &path))?,
        () = cancellation.cancelled() => return Err(diagnostics::interrupted(key).into()),
    };
    match lookup {
        Lookup::Present(live) => Ok(Some(Live::seen(&live, field_manager, before)?)),
        Lookup::Absent | Lookup::KindAbsent => Ok(None),
    }
}
