//! State between operations: JSON with a version, as a state file has it.

use super::{Answer, Error, Lifecycle, Result, State};
use crate::value::{from_json, to_json};

/// What a state file holds of a resource.
#[derive(Clone, Debug)]
pub(in crate::testing) struct Stored {
    pub(in crate::testing) version: i64,
    pub(in crate::testing) json: Vec<u8>,
    pub(in crate::testing) private: Vec<u8>,
    /// The version of the identity's schema, and the identity as JSON; `None` if there is none.
    pub(in crate::testing) identity: Option<(i64, Vec<u8>)>,
    pub(in crate::testing) tainted: bool,
}

impl Lifecycle {
    /// Takes the state out of what is stored, which upgrades it, as core does whenever it reads state.
    pub(super) async fn load(&mut self) -> Result<Option<State>> {
        let Some(stored) = &self.stored else {
            return Ok(None);
        };
        let upgraded = self
            .client
            .upgrade_state(&self.type_name, stored.version, &stored.json)
            .await?;
        let Answer { value, warnings } = upgraded;
        let mut state = State {
            private: stored.private.clone(),
            tainted: stored.tainted,
            ..State::of(value)
        };
        if let (Some((version, json)), Some(schema)) =
            (&stored.identity, self.client.identity(&self.type_name).await?)
        {
            state.identity = if *version == schema.version {
                from_json(json, &schema.block.ty()).map_err(|error| Error::test(error.to_string()))?
            } else {
                let upgraded = self.client.upgrade_identity(&self.type_name, *version, json);
                upgraded.await?.value
            };
        }
        self.warnings.append(warnings);
        Ok(Some(state).filter(|state| !state.value.is_null()))
    }

    /// Stores what an operation gave.
    pub(super) async fn store(&mut self, state: Option<State>) -> Result<()> {
        let schema = self.schema().await?;
        let (version, ty) = (schema.version, schema.block.ty());
        let identity = match (self.client.identity(&self.type_name).await?, &state) {
            (Some(schema), Some(state)) if !state.identity.is_null() => {
                let json = to_json(&state.identity, &schema.block.ty());
                json.map(|json| (schema.version, json.to_string().into_bytes()))
            }
            _ => None,
        };
        self.stored = match &state {
            None => None,
            Some(state) => {
                let json = to_json(&state.value, &ty);
                let json =
                    json.ok_or_else(|| Error::test("state that is not wholly known cannot be stored"))?;
                Some(Stored {
                    version,
                    json: json.to_string().into_bytes(),
                    private: state.private.clone(),
                    identity,
                    tainted: state.tainted,
                })
            }
        };
        self.state = state;
        Ok(())
    }

    /// Reads what is stored, and stores what is found.
    pub(super) async fn reread(&mut self) -> Result<()> {
        let found = match self.load().await? {
            None => None,
            Some(state) => {
                let Answer { value, warnings } = self.client.read(&self.type_name, &state).await?;
                self.warnings.append(warnings);
                value
            }
        };
        self.store(found).await
    }
}
