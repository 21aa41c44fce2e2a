//! Creating, reading, updating and deleting a manifest's object.

use tfplugin_sdk::model::{Computed, Dynamic};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Private, Resource};
use tokio::time::Instant;

use super::Manifest;
use super::input::Input;
use crate::kubernetes::cluster::Cluster;
use crate::kubernetes::managed::{self, Interrupted, Live, Record, Session, Waiting, WriteOnly};
use crate::kubernetes::object::{self, ObjectKey};
use crate::kubernetes::options::{Operation, conditions, propagation, timeout};

/// The name of the object's record in private state.
const RECORD: &str = "object";

/// The record that is stored beside the state.
pub(super) fn stored_record(private: &Private) -> Option<Record> {
    serde_json::from_value(private.get(RECORD)?.clone()).ok()
}

impl Resource for Manifest {
    type Client = Cluster;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        config.check_exclusive(diagnostics);
        diagnostics.append(conditions(&config.wait).err().unwrap_or_default());
        if diagnostics.has_error() {
            return;
        }
        match config.input() {
            Ok(input) => {
                if let Some(kind) = input
                    .kind()
                    .filter(|kind| !config.data_wo.is_null() && *kind != "Secret")
                {
                    let detail = format!(
                        "`data_wo` fills the data of a Secret, and the object is a {kind}. Remove `data_wo`."
                    );
                    diagnostics.push(Diagnostic::error("`data_wo` is for Secrets", detail).at("data_wo"));
                }
            }
            Err(errors) => diagnostics.append(errors),
        }
    }

    async fn create(
        context: &mut Context<Cluster>,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        let desired = config.desired()?;
        let session = Session::of(context);
        let path = config.input_path();
        let managed = session.managed(planned.manager(), &path)?;
        let waiting = planned.waiting(Operation::Create)?;
        let write_only = config.data_wo.get();
        let created = if managed::absence::take(&mut context.private) {
            managed.create_absent(&desired, write_only).await
        } else {
            managed.create(&desired, write_only).await
        };
        let created = match created {
            Ok(written) => managed.wait(written, &waiting).await,
            Err(failed) => Err(failed),
        };
        planned.clone().stored(context, created)
    }

    async fn read(context: &mut Context<Cluster>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        let key = state.key()?;
        let cluster = context.client().clone();
        let Some(connection) = cluster.connection() else {
            let detail = format!(
                "{} The state is kept as it is, and changes in the cluster are not seen.",
                cluster.why_unknown()
            );
            context.warn(Diagnostic::warning(format!("{key} was not read"), detail));
            return Ok(Some(state));
        };
        let record = stored_record(&context.private);
        let cancellation = context.cancellation().clone();
        let Some(live) =
            managed::read(connection, &key, state.manager(), record.as_ref(), &cancellation).await?
        else {
            return Ok(None);
        };
        state.store(context, &live)?;
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Cluster>,
        prior: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        let desired = config.desired()?;
        let session = Session::of(context);
        let path = config.input_path();
        let managed = session.managed(planned.manager(), &path)?;
        let waiting = planned.waiting(Operation::Update)?;
        let nothing = WriteOnly::new();
        let write_only = (prior.data_wo_version != planned.data_wo_version)
            .then(|| config.data_wo.get().unwrap_or(&nothing));
        let record = stored_record(&context.private);
        let updated = match managed.update(&desired, write_only, record.as_ref()).await {
            Ok(written) => {
                if prior.manager() != planned.manager() {
                    managed.relinquish(&prior.key()?, prior.manager()).await?;
                }
                managed.wait(written, &waiting).await
            }
            Err(failed) => Err(failed),
        };
        planned.clone().stored(context, updated)
    }

    async fn delete(context: &mut Context<Cluster>, state: Self) -> Result<(), Failure<Self>> {
        let key = state.key()?;
        let session = Session::of(context);
        let path = state.input_path();
        let managed = session.managed(state.manager(), &path)?;
        let record = stored_record(&context.private);
        let deadline = Instant::now() + timeout(&state.timeouts, Operation::Delete);
        Ok(managed
            .delete(
                &key,
                record.as_ref(),
                propagation(state.propagation_policy.get()),
                deadline,
            )
            .await?)
    }
}

impl Manifest {
    /// The object to apply, of which everything is known by now.
    fn desired(&self) -> Result<object::Manifest, Diagnostics> {
        match self.input()? {
            Input::Known(desired) => Ok(desired),
            Input::Unknown(_) => Err(Diagnostic::bug(
                "A part of the manifest is still unknown in the apply.",
            )
            .at(self.input_path())
            .into()),
        }
    }

    /// The object that the state is about.
    fn key(&self) -> Result<ObjectKey, Diagnostic> {
        let object = self.object.get().and_then(|object| object.to_json().ok());
        object
            .as_ref()
            .and_then(ObjectKey::of)
            .ok_or_else(|| Diagnostic::bug("The stored `object` does not name an object.").at("object"))
    }

    fn waiting(&self, operation: Operation) -> Result<Waiting, Diagnostics> {
        let deadline = Instant::now() + timeout(&self.timeouts, operation);
        Ok(Waiting {
            conditions: conditions(&self.wait)?,
            deadline,
        })
    }

    /// The state after a change, or what there is after a failed one.
    fn stored(
        mut self,
        context: &mut Context<Cluster>,
        changed: Result<Live, Interrupted>,
    ) -> Result<Self, Failure<Self>> {
        match changed {
            Ok(mut live) => {
                let promised = self.object.get().and_then(|object| object.to_json().ok());
                let broken =
                    promised.and_then(|promised| managed::promise::keep(&promised, &mut live.object));
                if let Some(warning) = broken {
                    context.warn(warning.at(self.input_path()));
                }
                self.store(context, &live)?;
                Ok(self)
            }
            Err(Interrupted {
                diagnostics,
                live: None,
            }) => Err(diagnostics.into()),
            Err(Interrupted {
                diagnostics,
                live: Some(live),
            }) => {
                self.store(context, &live)?;
                Err(Failure::with_state(diagnostics, self))
            }
        }
    }

    fn store(&mut self, context: &mut Context<Cluster>, live: &Live) -> Result<(), Diagnostic> {
        let record = serde_json::to_value(&live.record).map_err(|error| {
            Diagnostic::bug(format!("The object's record could not be written: {error}."))
        })?;
        context.private.set(RECORD, record);
        self.object = Computed::known(Dynamic::from_json(&live.object));
        Ok(())
    }
}
