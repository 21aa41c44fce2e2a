//! Calls about state stores, beside those that carry states.

use std::sync::{Arc, PoisonError};

use super::Service;
use super::answer::Answer;
use crate::diagnostic::Diagnostic;
use crate::offer::{OpenStore, Outcome, StateStoreEntry};
use crate::provider::Provider;
use crate::state_store::{Locking, StateLock};
use crate::wire::{proto, read_dynamic};

/// The sizes of chunks that Terraform takes.
const CHUNK_SIZES: std::ops::RangeInclusive<i64> = 1..=128 << 20;

/// What Terraform proposes.
const CHUNK_SIZE: i64 = 8 << 20;

/// A state store that is configured.
#[derive(Clone, Debug)]
pub(super) struct Configured {
    pub(super) store: Arc<dyn OpenStore>,
    /// As agreed with Terraform, in bytes.
    pub(super) chunk_size: usize,
}

impl<P: Provider> Service<P> {
    fn state_store(&self, type_name: &str) -> Result<&StateStoreEntry<P::Client>, Diagnostic> {
        let entry = self.shared.offer.state_stores.get(type_name);
        entry.ok_or_else(|| Self::absent("state store", type_name))
    }

    /// The store as it was configured last.
    pub(super) fn configured(&self, type_name: &str) -> Result<Configured, Diagnostic> {
        self.state_store(type_name)?;
        let stores = self.shared.stores.read().unwrap_or_else(PoisonError::into_inner);
        stores.get(type_name).cloned().ok_or_else(|| {
            Diagnostic::bug(format!(
                "Terraform asked for states of {type_name} before it configured the store, or after that failed."
            ))
        })
    }

    pub(super) fn validate_state_store(
        &self,
        request: &proto::ValidateStateStoreRequest,
    ) -> Result<proto::ValidateStateStoreResponse, Diagnostic> {
        let entry = self.state_store(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        Ok(proto::ValidateStateStoreResponse::default().and(self.validated(
            &entry.schema.block,
            entry.validate,
            config.clone(),
        )))
    }

    pub(super) async fn configure_state_store(
        &self,
        request: &proto::ConfigureStateStoreRequest,
    ) -> Result<proto::ConfigureStateStoreResponse, Diagnostic> {
        let entry = self.state_store(&request.type_name)?;
        let config = read_dynamic(request.config.as_ref(), entry.schema.ty())?;
        let agreed = agreed(request);
        // A store that fails to open must not be used with an older configuration.
        self.keep(&request.type_name, None);
        // Terraform may go on after a configuration was refused.
        let refusals = self.validated(&entry.schema.block, entry.validate, config.clone());
        if refusals.has_error() {
            return Ok(agreed.and(refusals));
        }
        let Outcome {
            result, diagnostics, ..
        } = (entry.open)(self.context(&[])?, config).await;
        if let (Some(store), false) = (result, diagnostics.has_error()) {
            let chunk_size = agreed.capabilities.unwrap_or_default().chunk_size;
            let chunk_size = usize::try_from(chunk_size).unwrap_or(usize::MAX);
            self.keep(&request.type_name, Some(Configured { store, chunk_size }));
        }
        Ok(agreed.and(diagnostics))
    }

    fn keep(&self, type_name: &str, configured: Option<Configured>) {
        let mut stores = self.shared.stores.write().unwrap_or_else(PoisonError::into_inner);
        match configured {
            Some(configured) => drop(stores.insert(type_name.to_owned(), configured)),
            None => drop(stores.remove(type_name)),
        }
    }

    pub(super) async fn lock_state(
        &self,
        request: proto::LockStateRequest,
    ) -> Result<proto::LockStateResponse, Diagnostic> {
        let store = self.configured(&request.type_name)?.store;
        let lock = StateLock::new(&request.operation)?;
        let answer = proto::LockStateResponse::default();
        // An empty id tells Terraform that there are no locks.
        let Some(locking) = store.lock(self.cancellation(), request.state_id.clone(), lock) else {
            return Ok(answer);
        };
        let Outcome {
            result, diagnostics, ..
        } = locking.await;
        let answer = answer.and(diagnostics);
        match result {
            Some(Locking::Taken(lock_id)) if lock_id.is_empty() => Err(Diagnostic::bug(format!(
                "{} took a lock without an id, which Terraform would never give back.",
                request.type_name
            ))),
            Some(Locking::Taken(lock_id)) => Ok(proto::LockStateResponse { lock_id, ..answer }),
            Some(Locking::HeldBy(other)) => Ok(answer.and(other.refusal(&request.state_id))),
            None => Ok(answer),
        }
    }

    pub(super) async fn unlock_state(
        &self,
        request: proto::UnlockStateRequest,
    ) -> Result<proto::UnlockStateResponse, Diagnostic> {
        let store = self.configured(&request.type_name)?.store;
        let Some(unlocking) = store.unlock(self.cancellation(), request.state_id, request.lock_id) else {
            return Err(Diagnostic::error(
                "There is no lock",
                format!(
                    "States in {} cannot be locked, so that there is nothing to release.",
                    request.type_name
                ),
            ));
        };
        let Outcome { diagnostics, .. } = unlocking.await;
        Ok(proto::UnlockStateResponse::default().and(diagnostics))
    }

    pub(super) async fn states(
        &self,
        request: proto::GetStatesRequest,
    ) -> Result<proto::GetStatesResponse, Diagnostic> {
        let store = self.configured(&request.type_name)?.store;
        let Outcome {
            result, diagnostics, ..
        } = store.list(self.cancellation()).await;
        Ok(proto::GetStatesResponse {
            state_id: result,
            ..Default::default()
        }
        .and(diagnostics))
    }

    pub(super) async fn delete_state(
        &self,
        request: proto::DeleteStateRequest,
    ) -> Result<proto::DeleteStateResponse, Diagnostic> {
        let store = self.configured(&request.type_name)?.store;
        let Outcome { diagnostics, .. } = store.delete(self.cancellation(), request.state_id).await;
        Ok(proto::DeleteStateResponse::default().and(diagnostics))
    }
}

/// What is answered to a proposal, also beside errors: Terraform reads the capabilities before it looks for those.
pub(super) fn agreed(request: &proto::ConfigureStateStoreRequest) -> proto::ConfigureStateStoreResponse {
    let proposed = request.capabilities.unwrap_or_default().chunk_size;
    let chunk_size = if proposed > 0 { proposed } else { CHUNK_SIZE };
    let capabilities = proto::StateStoreServerCapabilities {
        chunk_size: chunk_size.min(*CHUNK_SIZES.end()),
    };
    proto::ConfigureStateStoreResponse {
        capabilities: Some(capabilities),
        ..Default::default()
    }
}
