//! Creating, reading, updating and deleting a set of objects.

use tfplugin_sdk::model::Dynamic;
use tfplugin_sdk::{CancellationToken, Context, Diagnostic, Diagnostics, Failure, Resource};

use super::Manifests;
use super::apply::{Applying, until};
use super::stored::{Entry, Stored};
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::concurrent;
use crate::kubernetes::connection::Connection;
use crate::kubernetes::managed::{self, Waiting};
use crate::kubernetes::options::{Operation, conditions, propagation, timeout};

impl Resource for Manifests {
    type Client = Cluster;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        diagnostics.append(conditions(&config.wait).err().unwrap_or_default());
        if config.paths.is_null() && config.yaml.is_null() {
            let detail = "At least one of `paths` and `yaml` must name the objects; neither is set.";
            diagnostics.push(Diagnostic::error("Missing argument", detail).at("paths"));
        }
    }

    async fn create(
        context: &mut Context<Cluster>,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        change(
            context,
            Stored::default(),
            None,
            planned,
            &config,
            Operation::Create,
        )
        .await
    }

    async fn read(context: &mut Context<Cluster>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        let cluster = context.client().clone();
        let Some(connection) = cluster.connection() else {
            let detail = format!(
                "{} The state is kept as it is, and changes in the cluster are not seen.",
                cluster.why_unknown()
            );
            context.warn(Diagnostic::warning("The objects were not read", detail));
            return Ok(Some(state));
        };
        let stored = Stored::of(&state, &context.private);
        if stored.0.is_empty() {
            // Nothing was asked for, so that nothing can be gone: without a state, every plan would create it again.
            return Ok(Some(state));
        }
        let manager = state.manager().to_owned();
        let cancellation = context.cancellation().clone();
        let mut reads = Vec::with_capacity(stored.0.len());
        for (name, entry) in stored.0 {
            reads.push(read_one(connection, name, entry, &manager, &cancellation));
        }
        let mut found = Stored::default();
        let mut problems = Diagnostics::default();
        for result in concurrent::all(reads).await {
            match result {
                Ok((name, Some(entry))) => drop(found.0.insert(name, entry)),
                Ok((_, None)) => {}
                Err(errors) => problems.append(errors),
            }
        }
        if problems.has_error() {
            return Err(problems);
        }
        if found.0.is_empty() {
            return Ok(None);
        }
        found.store(&mut state, &mut context.private)?;
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Cluster>,
        prior: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        let stored = Stored::of(&prior, &context.private);
        change(
            context,
            stored,
            Some(prior.manager()),
            planned,
            &config,
            Operation::Update,
        )
        .await
    }

    async fn delete(context: &mut Context<Cluster>, mut state: Self) -> Result<(), Failure<Self>> {
        let mut stored = Stored::of(&state, &context.private);
        let names: Vec<_> = stored.0.keys().cloned().collect();
        let path = state.input_path();
        let (cluster, cancellation) = (context.client().clone(), context.cancellation().clone());
        let manager = state.manager().to_owned();
        let applying = Applying {
            connection: cluster.required()?,
            field_manager: &manager,
            former_manager: None,
            cancellation: &cancellation,
            waiting: Waiting {
                conditions: conditions(&state.wait)?,
                deadline: until(timeout(&state.timeouts, Operation::Delete)),
            },
            propagation: propagation(state.propagation_policy.get()),
        };
        let problems = applying.delete(&names, &path, &mut stored).await;
        if problems.is_empty() {
            return Ok(());
        }
        stored.store(&mut state, &mut context.private)?;
        Err(Failure::with_state(problems, state))
    }
}

/// Reads one object; `None` if it is gone.
async fn read_one(
    connection: &Connection,
    name: String,
    entry: Entry,
    manager: &str,
    cancellation: &CancellationToken,
) -> Result<(String, Option<Entry>), Diagnostics> {
    let Some(key) = entry.key() else {
        return Ok((name, None));
    };
    let live = managed::read(connection, &key, manager, entry.record.as_ref(), cancellation).await?;
    Ok((name, live.map(Entry::from)))
}

async fn change(
    context: &mut Context<Cluster>,
    mut stored: Stored,
    former_manager: Option<&str>,
    planned: Manifests,
    config: &Manifests,
    operation: Operation,
) -> Result<Manifests, Failure<Manifests>> {
    let Some(desired) = config.desired()? else {
        return Err(Diagnostic::bug("The objects are still unknown in the apply.")
            .at(config.input_path())
            .into());
    };
    let (cluster, cancellation) = (context.client().clone(), context.cancellation().clone());
    let applying = Applying {
        connection: cluster.required()?,
        field_manager: planned.manager(),
        former_manager: former_manager.filter(|former| *former != planned.manager()),
        cancellation: &cancellation,
        waiting: Waiting {
            conditions: conditions(&planned.wait)?,
            deadline: until(timeout(&planned.timeouts, operation)),
        },
        propagation: propagation(planned.propagation_policy.get()),
    };
    let problems = applying.apply(&desired, &mut stored).await;
    if problems.has_error() && stored.0.is_empty() {
        return Err(problems.into());
    }
    let promised = planned.objects.get().map(Dynamic::known_attributes);
    for (name, promised) in promised.into_iter().flatten().filter(|_| !problems.has_error()) {
        let entry = stored.0.get_mut(&name);
        if let Some(warning) = entry.and_then(|entry| managed::promise::keep(&promised, &mut entry.object)) {
            context.warn(warning.at(config.input_path()));
        }
    }
    let mut state = planned.clone();
    stored.store(&mut state, &mut context.private)?;
    if problems.has_error() {
        Err(Failure::with_state(problems, state))
    } else {
        Ok(state)
    }
}
