//! Deleting one object, and waiting until it is gone.

use std::time::Instant;

use tfplugin_sdk::Diagnostics;

use super::Managed;
use super::record::Record;
use crate::kubernetes::api::{self, Propagation};
use crate::kubernetes::diagnostics;
use crate::kubernetes::object::ObjectKey;

impl Managed<'_> {
    /// Deletes the object and waits until it is gone. That it is gone already is no error, and another object of the
    /// same name, made since, is left alone.
    ///
    /// # Errors
    /// When the server refuses, or the object is still there at the deadline: then the message names what holds it.
    pub async fn delete(
        &self,
        key: &ObjectKey,
        record: Option<&Record>,
        propagation: Propagation,
        deadline: Instant,
    ) -> Result<(), Diagnostics> {
        let uid = record.map(|record| record.uid.as_str()).filter(|uid| !uid.is_empty());
        api::delete(self.connection, key, propagation, uid, deadline, self.cancellation)
            .await
            .map_err(|error| diagnostics::deletion(&error, key, self.path))
    }
}
