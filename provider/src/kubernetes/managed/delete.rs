//! Deleting one object, and waiting until it is gone.

use tfplugin_sdk::Diagnostics;
use tokio::time::Instant;

use super::Managed;
use super::record::Record;
use crate::kubernetes::api::{DeleteOptions, Deletion, Propagation};
use crate::kubernetes::diagnostics;
use crate::kubernetes::object::ObjectKey;
use crate::kubernetes::wait::{Patience, Wait};

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
        let uid = record
            .map(|record| record.uid.clone())
            .filter(|uid| !uid.is_empty());
        let deletion = self
            .connection
            .delete(key, &DeleteOptions { propagation, uid })
            .await;
        match deletion.map_err(|error| diagnostics::api(&error, key, self.path))? {
            Deletion::Gone => Ok(()),
            Deletion::Pending { uid, .. } => {
                let wait = Wait {
                    deadline,
                    cancel: self.cancellation,
                    progress: &|reason| tracing::info!(object = %key, "waiting: {reason}"),
                    patience: Patience::default(),
                };
                let gone = self.connection.wait_gone(key, &uid, &wait).await;
                gone.map_err(|error| diagnostics::wait(&error, self.path).into())
            }
        }
    }
}
