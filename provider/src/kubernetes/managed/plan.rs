//! Planning one object: the server is asked what it would store, and where it cannot answer the plan says less.

use serde_json::Value as Json;
use tfplugin_sdk::{CancellationToken, Diagnostic, Diagnostics, Path};

use super::Managed;
use super::promise::differences;
use super::record::{Record, owned_fields, owned_part};
use super::shown::shown;
use crate::kubernetes::api::{Applied, ApplyOptions};
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::diagnostics;
use crate::kubernetes::error::{ApiError, Failure};
use crate::kubernetes::fields::FieldSet;
use crate::kubernetes::object::Manifest;

/// What was stored about an object that exists.
#[derive(Clone, Copy, Debug)]
pub struct Prior<'a> {
    /// The part of it that is ours, as it was read last.
    pub object: &'a Json,
    /// The memory of it; `None` after an import by an older version.
    pub record: Option<&'a Record>,
    /// Whether the fields are to be owned under another name.
    pub manager_changed: bool,
}

/// What a plan promises about an object.
#[derive(Clone, Debug, PartialEq)]
pub enum PlannedObject {
    /// Nothing changes.
    Unchanged,
    /// The part that is ours will be this.
    Known(Json),
    /// It changes, and what the server will store cannot be told before.
    Unknown,
    /// The change is one that Kubernetes refuses for an existing object.
    Replace {
        /// What the server says about it.
        reason: String,
    },
}

/// Plans `desired`. Warnings go to `warnings`.
///
/// # Errors
/// When the server refuses the object, or the credentials.
pub async fn plan(
    cluster: &Cluster,
    field_manager: &str,
    path: &Path,
    cancellation: &CancellationToken,
    desired: &Manifest,
    prior: Option<Prior<'_>>,
    warnings: &mut Diagnostics,
) -> Result<PlannedObject, Diagnostics> {
    if let Some(prior) = prior
        && !prior.manager_changed
        && prior
            .record
            .is_some_and(|record| record.is_current(desired.object()))
    {
        return Ok(PlannedObject::Unchanged);
    }
    let Some(connection) = cluster.connection() else {
        return Ok(PlannedObject::Unknown);
    };
    let managed = Managed {
        connection,
        field_manager,
        path,
        cancellation,
    };
    let asked = match prior {
        None => managed.plan_creation(desired, warnings).await,
        Some(prior) => managed.plan_update(desired, prior, warnings).await,
    };
    asked.or_else(|error| managed.plan_without_server(&error, desired, prior.is_some(), warnings))
}

impl Managed<'_> {
    fn dry_run(&self) -> ApplyOptions {
        ApplyOptions::new(self.field_manager).dry_run()
    }

    /// One request: a dry run tells whether the object would be new, too.
    async fn plan_creation(
        &self,
        desired: &Manifest,
        warnings: &mut Diagnostics,
    ) -> Result<PlannedObject, ApiError> {
        match self.connection.apply(desired.object(), &self.dry_run()).await {
            Ok(applied) if applied.created => {
                self.warn_of_server(&applied, desired, warnings);
                self.promised(&applied, desired, &FieldSet::default(), warnings)
                    .await
            }
            // The object exists. Either this is the second plan of a replacement, whose old object is still there, or
            // the object is somebody else's, which the apply will refuse: the two cannot be told apart here.
            Ok(_) => Ok(PlannedObject::Unknown),
            Err(error) if error.needs_replacement() => Ok(PlannedObject::Unknown),
            Err(error) if matches!(error.failure(), Failure::Conflict { .. }) => Ok(PlannedObject::Unknown),
            Err(error) => Err(error),
        }
    }

    async fn plan_update(
        &self,
        desired: &Manifest,
        prior: Prior<'_>,
        warnings: &mut Diagnostics,
    ) -> Result<PlannedObject, ApiError> {
        let owned = prior.record.map(Record::owned).unwrap_or_default();
        let applied = self
            .connection
            .apply_taking_back(desired.object(), &self.dry_run(), &owned)
            .await?;
        self.warn_of_server(&applied, desired, warnings);
        for field in &applied.taken_back {
            warnings.push(diagnostics::taken_back(field, desired.key()).at(self.path.clone()));
        }
        let drifted = prior.record.is_none_or(Record::drifted);
        Ok(match self.promised(&applied, desired, &owned, warnings).await? {
            // The drift is in what the state does not hold, the contents of a Secret, and must show all the same.
            PlannedObject::Known(object) if drifted && object == *prior.object => PlannedObject::Unknown,
            promise => promise,
        })
    }

    /// What the server warns of, such as an API version that will be removed.
    fn warn_of_server(&self, applied: &Applied, desired: &Manifest, warnings: &mut Diagnostics) {
        for text in &applied.warnings {
            let summary = format!("{}: the API server warns", desired.key());
            warnings.push(Diagnostic::warning(summary, format!("{text}.")).at(self.path.clone()));
        }
    }

    /// The promise of a dry run: what will be ours, if the server told it. Where that is not what was sent, a second
    /// dry run must say the same, because the promise is for the apply.
    async fn promised(
        &self,
        applied: &Applied,
        desired: &Manifest,
        owned: &FieldSet,
        warnings: &mut Diagnostics,
    ) -> Result<PlannedObject, ApiError> {
        let Some(object) = self.told(&applied.object) else {
            return Ok(PlannedObject::Unknown);
        };
        if object != *desired.object() {
            let again = self
                .connection
                .apply_taking_back(desired.object(), &self.dry_run(), owned)
                .await?;
            let Some(again) = self.told(&again.object) else {
                return Ok(PlannedObject::Unknown);
            };
            let fields = differences(&object, &again);
            if !fields.is_empty() {
                warnings.push(diagnostics::unsteady(desired.key(), &fields).at(self.path.clone()));
                return Ok(PlannedObject::Unknown);
            }
        }
        Ok(PlannedObject::Known(shown(object)))
    }

    /// What the answer to a dry run says will be ours.
    fn told(&self, answer: &Json) -> Option<Json> {
        let fields = owned_fields(answer, self.field_manager).ok()?;
        let object = owned_part(answer, self.field_manager).ok()?;
        (fields != FieldSet::default()).then_some(object)
    }

    /// What is planned when the server gave no object: less, an error, or a replacement.
    fn plan_without_server(
        &self,
        error: &ApiError,
        desired: &Manifest,
        exists: bool,
        warnings: &mut Diagnostics,
    ) -> Result<PlannedObject, Diagnostics> {
        if exists && error.needs_replacement() {
            return Ok(PlannedObject::Replace {
                reason: error.detail(),
            });
        }
        if !error.leaves_plan_open() {
            return Err(diagnostics::api(error, desired.key(), self.path));
        }
        // The namespace or the kind may be made by the same apply, which is nothing to warn of.
        if !matches!(error.failure(), Failure::NotFound { .. }) {
            let consequence = if matches!(error.failure(), Failure::Forbidden { .. }) {
                "The plan needs permission for `patch`, with a dry run, to tell what the server will store. Without it, \
                 what is planned comes from the configuration alone, and `object` is known after the apply. The apply \
                 itself needs the permission."
            } else {
                "What is planned comes from the configuration alone, and `object` is known after the apply, which needs \
                 the server's answer."
            };
            let summary = format!("{} is planned without asking the server", desired.key());
            let detail = format!("{}\n\n{}\n\n{consequence}", error.summary(), error.detail());
            warnings.push(Diagnostic::warning(summary, detail).at(self.path.clone()));
        }
        Ok(PlannedObject::Unknown)
    }
}
