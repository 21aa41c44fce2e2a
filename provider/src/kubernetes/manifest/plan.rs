//! Planning a manifest.

use tfplugin_sdk::model::{Computed, Dynamic};
use tfplugin_sdk::{Change, Context, Diagnostic, Diagnostics, Plan, Planned};

use super::Manifest;
use super::input::Input;
use super::resource::stored_record;
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::managed::{self, PlannedObject, Prior};
use crate::kubernetes::object::ObjectKey;
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
        let cluster = context.client().clone();
        let cancellation = context.cancellation().clone();
        let mut warnings = Diagnostics::default();
        let answer = managed::plan(
            &cluster,
            &manager,
            &path,
            &cancellation,
            &desired,
            prior,
            &mut warnings,
        )
        .await;
        warnings.into_iter().for_each(|warning| context.warn(warning));
        planned.state.object = match answer? {
            PlannedObject::Unchanged => prior_object.as_ref().map(Dynamic::from_json).into(),
            PlannedObject::Known(object) => Computed::known(Dynamic::from_json(&object)),
            PlannedObject::Unknown => Computed::unknown(),
            PlannedObject::Replace { reason } => {
                let summary = format!("{} will be replaced", desired.key());
                context.warn(Diagnostic::warning(summary, reason).at(path.clone()));
                planned.replace.push(path);
                Computed::unknown()
            }
        };
        Ok(planned)
    }
}

impl Manifest {
    /// The name under which fields are owned.
    pub(super) fn manager(&self) -> &str {
        self.field_manager
            .get()
            .map_or(DEFAULT_FIELD_MANAGER, String::as_str)
    }
}
