//! Planning a set: each object by itself.

use tfplugin_sdk::model::{Computed, Dynamic};
use tfplugin_sdk::{Change, Context, Diagnostic, Diagnostics, Path, Plan, Planned};

use super::Manifests;
use super::desired::Desired;
use super::stored::Stored;
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::concurrent;
use crate::kubernetes::managed::{self, PlannedObject, Prior};
use crate::kubernetes::object::ObjectKey;
use crate::kubernetes::options::DEFAULT_FIELD_MANAGER;

impl Plan for Manifests {
    async fn plan(
        context: &mut Context<Cluster>,
        change: Change<Self>,
    ) -> Result<Planned<Self>, Diagnostics> {
        let Change {
            config,
            prior,
            proposed,
        } = change;
        let mut planned = Planned::from(proposed);
        let Some(desired) = config.desired()? else {
            planned.state.objects = Computed::unknown();
            return Ok(planned);
        };
        let stored = prior
            .as_ref()
            .map(|prior| Stored::of(prior, &context.private))
            .unwrap_or_default();
        let manager = planned.state.manager().to_owned();
        let manager_changed = prior.as_ref().is_some_and(|prior| prior.manager() != manager);
        let mut questions = Vec::with_capacity(desired.len());
        for desired in &desired {
            questions.push(plan_one(context, &manager, desired, &stored, manager_changed));
        }
        let answers = concurrent::all(questions).await;
        let mut problems = Diagnostics::default();
        let mut objects = Vec::with_capacity(desired.len());
        for (desired, (answer, warnings)) in desired.iter().zip(answers) {
            warnings.into_iter().for_each(|warning| context.warn(warning));
            match answer {
                Ok(PlannedObject::Unchanged) => {
                    let object = stored
                        .0
                        .get(&desired.name)
                        .map(|entry| Dynamic::from_json(&entry.object));
                    objects.push((desired.name.clone(), object));
                }
                Ok(PlannedObject::Known(object)) => {
                    objects.push((desired.name.clone(), Some(Dynamic::from_json(&object))));
                }
                Ok(PlannedObject::Unknown) => objects.push((desired.name.clone(), None)),
                Ok(PlannedObject::Replace { reason }) => problems.push(immutable(desired, &reason)),
                Err(errors) => problems.append(errors),
            }
        }
        planned.state.objects = Computed::known(Dynamic::object(objects));
        problems.ok(planned)
    }
}

async fn plan_one(
    context: &Context<Cluster>,
    manager: &str,
    desired: &Desired,
    stored: &Stored,
    manager_changed: bool,
) -> (Result<PlannedObject, Diagnostics>, Diagnostics) {
    let entry = stored.0.get(&desired.name);
    let prior = entry.map(|entry| Prior {
        object: &entry.object,
        record: entry.record.as_ref(),
        manager_changed,
    });
    let mut warnings = Diagnostics::default();
    let (cluster, cancellation) = (context.client(), context.cancellation());
    let answer = managed::plan(
        cluster,
        manager,
        &desired.path,
        cancellation,
        &desired.manifest,
        prior,
        &mut warnings,
    )
    .await;
    (answer, warnings)
}

fn immutable(desired: &Desired, reason: &str) -> Diagnostic {
    let key: &ObjectKey = desired.manifest.key();
    let detail = format!(
        "{reason}\n\nA set does not delete an object to make it anew. Restore the field, or remove the object from the \
         files, apply, and add it again; in a `mlops_manifest` of its own, the object would be replaced."
    );
    Diagnostic::error(
        format!("{key}: the change is refused for an existing object"),
        detail,
    )
    .at(desired.path.clone())
}

impl Manifests {
    /// The name under which fields are owned.
    pub(super) fn manager(&self) -> &str {
        self.field_manager
            .get()
            .map_or(DEFAULT_FIELD_MANAGER, String::as_str)
    }

    /// Where messages about no single file point.
    pub(super) fn input_path(&self) -> Path {
        Path::attribute(if self.paths.is_null() { "yaml" } else { "paths" })
    }
}
