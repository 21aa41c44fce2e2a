//! What the client says that it can do.

use crate::wire::proto;

/// What the client says that it can do. The default is what Terraform says today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The provider may defer changes. No released program allows it.
    pub deferral: bool,
    /// Write-only attributes are known not to be stored, as from Terraform 1.11 and OpenTofu 1.11 on.
    pub write_only: bool,
    /// Planning again before the apply is given the first plan's private data, as from protocol 6.11 on.
    pub planned_private: bool,
    /// The size of chunks that is proposed to state stores, in bytes.
    pub chunk_size: i64,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            deferral: false,
            write_only: true,
            planned_private: false,
            chunk_size: 8 << 20,
        }
    }
}

impl From<Capabilities> for proto::ClientCapabilities {
    fn from(capabilities: Capabilities) -> Self {
        Self {
            deferral_allowed: capabilities.deferral,
            write_only_attributes_allowed: capabilities.write_only,
            store_planned_private: capabilities.planned_private,
            ..Self::default()
        }
    }
}

impl From<Capabilities> for proto::StateStoreClientCapabilities {
    fn from(capabilities: Capabilities) -> Self {
        Self {
            chunk_size: capabilities.chunk_size,
        }
    }
}
