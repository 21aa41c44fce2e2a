//! The cluster that the provider's configuration names, which may not be known yet.

use tfplugin_sdk::{Diagnostic, Path};

use super::connection::{Connection, ConnectionConfig};

/// What resources work with.
#[derive(Debug)]
pub enum Cluster {
    /// The configuration is known. Nothing has been dialled.
    Known(Connection),
    /// A part of the configuration is not known until something else is applied.
    Unknown {
        /// The arguments that are not known.
        attributes: Vec<&'static str>,
    },
}

impl Cluster {
    /// The cluster of a configuration that is wholly known.
    #[must_use]
    pub fn known(config: ConnectionConfig) -> Self {
        Self::Known(Connection::new(config))
    }

    /// The connection, if the cluster is known.
    #[must_use]
    pub fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Known(connection) => Some(connection),
            Self::Unknown { .. } => None,
        }
    }

    /// The connection, where there must be one: everywhere but in a plan.
    ///
    /// # Errors
    /// When the configuration is not known.
    pub fn required(&self) -> Result<&Connection, Diagnostic> {
        self.connection().ok_or_else(|| {
            let detail = format!(
                "{} It is needed now. Let what reads from the cluster depend on what makes it, for example by \
                 `depends_on`.",
                self.why_unknown()
            );
            Diagnostic::error("The cluster is not known yet", detail)
        })
    }

    /// One sentence for messages: which arguments are not known.
    #[must_use]
    pub fn why_unknown(&self) -> String {
        match self {
            Self::Known(_) => String::new(),
            Self::Unknown { attributes } => {
                let names: Vec<_> = attributes
                    .iter()
                    .map(|name| format!("`{}`", Path::attribute(*name)))
                    .collect();
                format!(
                    "The provider's configuration is not known before the apply: {}.",
                    names.join(", ")
                )
            }
        }
    }
}
