//! What is put off, and what modules say to the provider.

use super::Service;
use crate::context::Context;
use crate::deferral::Deferral;
use crate::diagnostic::Diagnostic;
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::{proto, read_dynamic};

impl<P: Provider> Service<P> {
    /// The surroundings of a call in which a module may say something.
    pub(super) fn context_of(
        &self,
        private: &[u8],
        meta: Option<&proto::DynamicValue>,
    ) -> Result<Context<P::Client>, Diagnostic> {
        let meta = match &self.shared.offer.meta {
            Some(schema) => read_dynamic(meta, &schema.block.ty())?,
            None => Value::Null,
        };
        Ok(self.context(private)?.saying(meta))
    }
}

/// Whether Terraform can put something off.
pub(super) fn allowed(capabilities: Option<proto::ClientCapabilities>) -> bool {
    capabilities.is_some_and(|capabilities| capabilities.deferral_allowed)
}

/// What is answered of something that was put off, or not; what is put off by a client that cannot is a failure.
pub(super) fn deferred(why: Option<Deferral>, allowed: bool) -> Result<Option<proto::Deferred>, Diagnostic> {
    let Some(why) = why else { return Ok(None) };
    if !allowed {
        return Err(not_yet(why));
    }
    Ok(Some(why.into()))
}

fn not_yet(why: Deferral) -> Diagnostic {
    let reason = match why {
        Deferral::ResourceConfigUnknown => "a part of its configuration is known only after an apply",
        Deferral::ProviderConfigUnknown => {
            "a part of the provider's configuration is known only after an apply"
        }
        Deferral::AbsentPrerequisite => "something that it needs is not there yet",
    };
    Diagnostic::error(
        "It is too early for this",
        format!(
            "This cannot be done yet, because {reason}, and this run of Terraform puts nothing off. Apply first what it \
             depends on, for example with -target, and then the rest."
        ),
    )
}
