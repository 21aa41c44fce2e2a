//! Planning a manifest.

use tfplugin_sdk::model::{Computed, Dynamic};
use tfplugin_sdk::{Change, Context, Diagnostic, Diagnostics, Path, Plan, Planned};

use super::Manifest;
use super::input::Input;
use super::resource::stored_record;
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::managed::{self, PlannedObject, Prior, Session};
use crate::kubernetes::object::{self, ObjectKey};
use crate::kubernetes::options::DEFAULT_FIELD_MANAGER;

impl Plan for Manifest {
    async fn plan(
        context: &mut Context<Cluster>,
        change: Change<Self>,
    ) -> Result<Planned<Self>, Diagnostics> {
        let Change {
            config,
            prior,
            proposed,
        } = change;
        let input = config.input()?;
        let path = config.input_path();
        let mut planned = Planned::from(proposed);
        let prior_object = prior
            .as_ref()
            .and_then(|prior| prior.object.get()?.to_json().ok());
        if let Some(key) = prior_object.as_ref().and_then(ObjectKey::of)
            && input.names_another_object(&key)
        {
            planned.replace.push(path);
            planned.state.object = Computed::unknown();
            return Ok(planned);
        }
        let Input::Known(desired) = input else {
            planned.state.object = Computed::unknown();
            return Ok(planned);
        };
        let record = stored_record(&context.private);
        let manager = planned.state.manager().to_owned();
        let prior = prior
            .as_ref()
            .zip(prior_object.as_ref())
            .map(|(prior, object)| Prior {
                object,
                record: record.as_ref(),
                manager_changed: prior.manager() != manager,
            });
        let creates = prior.is_none();
        match ask(context, &manager, &path, &desired, prior).await? {
            PlannedObject::Unchanged => {
                planned.state.object = prior_object.as_ref().map(Dynamic::from_json).into();
            }
            PlannedObject::Known(object) => {
                if creates {
                    managed::absence::note(&mut context.private);
                }
                planned.state.object = Computed::known(Dynamic::from_json(&object));
            }
            PlannedObject::Unknown => planned.state.object = Computed::unknown(),
            PlannedObject::Replace { reason } => {
                let summary = format!("{} will be replaced", desired.key());
                context.warn(Diagnostic::warning(summary, reason).at(path.clone()));
                planned.replace.push(path);
                planned.state.object = Computed::unknown();
            }
        }
        Ok(planned)
    }
}

/// Asks the server, and passes its warnings on.
async fn ask(
    context: &mut Context<Cluster>,
    manager: &str,
    path: &Path,
    desired: &object::Manifest,
    prior: Option<Prior<'_>>,
) -> Result<PlannedObject, Diagnostics> {
    let Session {
        cluster,
        cancellation,
    } = Session::of(context);
    let mut warnings = Diagnostics::default();
    let answer = managed::plan(
        &cluster,
        manager,
        path,
        &cancellation,
        desired,
        prior,
        &mut warnings,
    )
    .await;
    warnings.into_iter().for_each(|warning| context.warn(warning));
    answer
}

impl Manifest {
    /// The name under which fields are owned.
    pub(super) fn manager(&self) -> &str {
        self.field_manager
            .get()
            .map_or(DEFAULT_FIELD_MANAGER, String::as_str)
    }
}
