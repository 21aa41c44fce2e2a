//! Creating and updating one object.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tfplugin_sdk::model::Sensitive;
use tfplugin_sdk::{Diagnostic, Diagnostics};
use tokio::time::Instant;

use super::record::{Live, Record, owned_fields};
use super::{Interrupted, Managed, WRITE_ONLY_MANAGER, Waiting, Written};
use crate::kubernetes::api::{ApplyOptions, Lookup};
use crate::kubernetes::diagnostics;
use crate::kubernetes::error::{ApiError, Failure};
use crate::kubernetes::object::{Manifest, ObjectKey};
use crate::kubernetes::wait::{Patience, Wait, status::Status};

/// Contents of a Secret that reach neither plan nor state, by key.
pub type WriteOnly = BTreeMap<String, Sensitive<String>>;

/// How long to wait for a kind whose definition was applied a moment ago to be served.
const KIND_PATIENCE: Duration = Duration::from_secs(20);

impl Managed<'_> {
    /// Creates the object, unless it exists.
    ///
    /// # Errors
    /// With what is there, if the object was written: it must be stored.
    pub async fn create(
        &self,
        desired: &Manifest,
        write_only: Option<&WriteOnly>,
    ) -> Result<Written, Interrupted> {
        let lookup = self
            .cancellable(desired.key(), self.lookup(desired.key()))
            .await?;
        if let Lookup::Present(live) = lookup.map_err(|error| self.failed(&error, desired.key()))?
            && !self.is_our_interrupted_create(&live, desired).await?
        {
            return Err(diagnostics::exists(&live, desired.key())
                .at(self.path.clone())
                .into());
        }
        self.create_absent(desired, write_only).await
    }

    /// Creates the object, which is known not to exist.
    ///
    /// # Errors
    /// With what is there, if the object was written: it must be stored.
    pub async fn create_absent(
        &self,
        desired: &Manifest,
        write_only: Option<&WriteOnly>,
    ) -> Result<Written, Interrupted> {
        let options = ApplyOptions::new(self.field_manager);
        let applied = self
            .connection
            .apply(desired.object(), &options)
            .await
            .map_err(|error| self.failed(&error, desired.key()))?;
        self.finish(applied.object, desired, write_only, None).await
    }

    /// Changes the object.
    ///
    /// # Errors
    /// With what is there, if the object was written: it must be stored.
    pub async fn update(
        &self,
        desired: &Manifest,
        write_only: Option<&WriteOnly>,
        record: Option<&Record>,
    ) -> Result<Written, Interrupted> {
        let options = ApplyOptions::new(self.field_manager);
        let owned = record.map(Record::owned).unwrap_or_default();
        let applied = self
            .connection
            .apply_taking_back(desired.object(), &options, &owned)
            .await
            .map_err(|error| self.failed(&error, desired.key()))?;
        self.finish(applied.object, desired, write_only, record).await
    }

    /// Gives up the fields owned under an earlier name, which would otherwise keep what is removed later.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn relinquish(&self, key: &ObjectKey, field_manager: &str) -> Result<(), Diagnostics> {
        let options = ApplyOptions::new(field_manager);
        let applied = self.connection.apply(&identity(key), &options).await;
        applied
            .map(drop)
            .map_err(|error| diagnostics::api(&error, key, self.path))
    }

    /// Waits until a written object is ready.
    ///
    /// # Errors
    /// With what was written, which must be stored.
    pub async fn wait(&self, written: Written, waiting: &Waiting) -> Result<Live, Interrupted> {
        let Written { live, object } = written;
        // Most objects are ready when they are written, and cost no further request.
        let Some(key) =
            ObjectKey::of(&object).filter(|_| waiting.conditions.status(&object) != Status::Ready)
        else {
            return Ok(live);
        };
        let wait = Wait {
            deadline: waiting.deadline,
            cancel: self.cancellation,
            progress: &|reason| tracing::info!(object = %key, "waiting: {reason}"),
            patience: Patience::default(),
        };
        match self.connection.wait_ready(&key, &waiting.conditions, &wait).await {
            Ok(object) => Ok(Live::seen(&object, self.field_manager, Some(&live.record))?),
            Err(error) => {
                let diagnostics = diagnostics::wait(&error, self.path).into();
                Err(Interrupted {
                    diagnostics,
                    live: Some(live),
                })
            }
        }
    }

    /// From here on the object is in the cluster, so that every failure carries it.
    async fn finish(
        &self,
        object: Json,
        desired: &Manifest,
        write_only: Option<&WriteOnly>,
        before: Option<&Record>,
    ) -> Result<Written, Interrupted> {
        let live = Live::applied(&object, self.field_manager, desired.object(), before)?;
        if let Some(contents) = write_only
            && let Err(diagnostics) = self.send_write_only(contents, desired).await
        {
            return Err(Interrupted {
                diagnostics,
                live: Some(live),
            });
        }
        Ok(Written { live, object })
    }

    /// Looks the object up, and waits for its kind, which may have been defined a moment ago.
    async fn lookup(&self, key: &ObjectKey) -> Result<Lookup, ApiError> {
        let patience = Instant::now() + KIND_PATIENCE;
        loop {
            let lookup = self.connection.get(key).await?;
            if !matches!(lookup, Lookup::KindAbsent) || Instant::now() > patience {
                return Ok(lookup);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Whether an object that exists is what an earlier, interrupted create of this very configuration left: our field
    /// manager owns exactly the fields that it would own now.
    async fn is_our_interrupted_create(&self, live: &Json, desired: &Manifest) -> Result<bool, Diagnostics> {
        let owned = owned_fields(live, self.field_manager)?;
        if owned.is_empty() {
            return Ok(false);
        }
        let options = ApplyOptions::new(self.field_manager).dry_run();
        match self.connection.apply(desired.object(), &options).await {
            Ok(applied) => Ok(owned_fields(&applied.object, self.field_manager)? == owned),
            Err(error) if matches!(error.failure(), Failure::Conflict { .. }) => Ok(false),
            Err(error) => Err(self.failed(&error, desired.key())),
        }
    }

    async fn send_write_only(&self, contents: &WriteOnly, desired: &Manifest) -> Result<(), Diagnostics> {
        let data: BTreeMap<_, _> = contents
            .iter()
            .map(|(key, value)| (key, STANDARD.encode(value.expose())))
            .collect();
        let mut secret = identity(desired.key());
        secret["data"] = json!(data);
        let options = ApplyOptions::new(WRITE_ONLY_MANAGER);
        self.connection
            .apply(&secret, &options)
            .await
            .map(drop)
            .map_err(|error| self.failed(&error, desired.key()))
    }

    fn failed(&self, error: &ApiError, key: &ObjectKey) -> Diagnostics {
        diagnostics::api(error, key, self.path)
    }

    /// Runs what only reads; an interrupt ends it.
    async fn cancellable<T>(&self, key: &ObjectKey, work: impl Future<Output = T>) -> Result<T, Diagnostic> {
        tokio::select! {
            result = work => Ok(result),
            () = self.cancellation.cancelled() => Err(diagnostics::interrupted(key)),
        }
    }
}

/// An object that says nothing but which one it is.
fn identity(key: &ObjectKey) -> Json {
    let mut object = json!({"apiVersion": key.api_version, "kind": key.kind, "metadata": {"name": key.name}});
    if let Some(namespace) = &key.namespace {
        object["metadata"]["namespace"] = namespace.as_str().into();
    }
    object
}
