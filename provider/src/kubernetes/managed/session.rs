//! What a call's operations on objects share, taken out of its context so that the context stays free for warnings and
//! private state.

use std::sync::Arc;

use tfplugin_sdk::{CancellationToken, Context, Diagnostic, Path};

use super::Managed;
use crate::kubernetes::cluster::Cluster;

/// The cluster and the cancellation of one call.
#[derive(Clone, Debug)]
pub struct Session {
    /// The cluster, which may not be known yet.
    pub cluster: Arc<Cluster>,
    /// Cancelled when the user interrupts.
    pub cancellation: CancellationToken,
}

impl Session {
    /// That of a call.
    #[must_use]
    pub fn of(context: &Context<Cluster>) -> Self {
        Self {
            cluster: Arc::clone(context.client()),
            cancellation: context.cancellation().clone(),
        }
    }

    /// Operations in the name of `field_manager` on an object that the attribute at `path` describes.
    ///
    /// # Errors
    /// When the cluster is not known.
    pub fn managed<'a>(&'a self, field_manager: &'a str, path: &'a Path) -> Result<Managed<'a>, Diagnostic> {
        let connection = self.cluster.required()?;
        Ok(Managed {
            connection,
            field_manager,
            path,
            cancellation: &self.cancellation,
        })
    }
}
