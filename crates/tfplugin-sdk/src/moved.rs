//! Taking over what another resource type, of this or another provider, has stored: what `moved` blocks across types do.

use serde_json::Value as Json;

use crate::diagnostic::Diagnostics;
use crate::private::Private;
use crate::resource::Resource;

/// A resource that takes over the state of other types, so that users change the type in their configuration, write a
/// `moved` block, and nothing is made anew.
pub trait Move: Resource {
    /// The state of this resource, made of what another one has stored; `None` if nothing is known about that type.
    ///
    /// It need only hold what [`Resource::read`] needs to read the rest. The provider may not be configured yet.
    ///
    /// # Errors
    /// When the type is known and the state is not what it stores.
    fn take_over(source: &Source) -> Result<Option<Moved<Self>>, Diagnostics>;
}

/// What is taken over.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The address of the provider that stored it, for example `registry.terraform.io/hashicorp/kubernetes`. The host
    /// differs between Terraform and OpenTofu: compare the rest.
    pub provider: String,
    /// Its type, for example `kubernetes_manifest`.
    pub type_name: String,
    /// The version of its schema.
    pub version: i64,
    /// Its state, as the state file holds it.
    pub state: Json,
    /// What its provider stored beside it, in that provider's own form.
    pub private: Vec<u8>,
    /// Its identity; null if it has none.
    pub identity: Json,
    /// The version of its identity's schema.
    pub identity_version: i64,
}

impl Source {
    /// Whether it is a `type_name` of the provider `namespace`/`name`, whatever registry that came from.
    #[must_use]
    pub fn is(&self, namespace: &str, name: &str, type_name: &str) -> bool {
        let mut parts = self.provider.rsplit('/');
        self.type_name == type_name && parts.next() == Some(name) && parts.next() == Some(namespace)
    }
}

/// What was made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved<R> {
    /// The state.
    pub state: R,
    /// What is stored beside it.
    pub private: Private,
}

impl<R> From<R> for Moved<R> {
    fn from(state: R) -> Self {
        Self {
            state,
            private: Private::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Source};

    #[test]
    fn a_source_is_known_by_its_provider_and_type() {
        let source = Source {
            provider: "registry.opentofu.org/hashicorp/kubernetes".to_owned(),
            type_name: "kubernetes_manifest".to_owned(),
            version: 1,
            state: Json::Null,
            private: Vec::new(),
            identity: Json::Null,
            identity_version: 0,
        };
        assert!(source.is("hashicorp", "kubernetes", "kubernetes_manifest"));
        assert!(!source.is("gavinbunney", "kubernetes", "kubernetes_manifest"));
        assert!(!source.is("hashicorp", "kubernetes", "kubernetes_config_map"));
    }
}
