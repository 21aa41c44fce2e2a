//! Calls about state stores.

use futures::stream;

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, Result, proto, write};
use crate::diagnostic::Diagnostics;
use crate::rules::{self, StateChunk};
use crate::schema::Block;
use crate::testing::configuration::Configuration;

/// A state store that is configured, as Terraform uses it: states are whole here, and in chunks on the wire.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    type_name: String,
    chunk_size: usize,
}

impl Client {
    async fn state_store(&self, type_name: &str) -> Result<&Block> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no state store {type_name:?}"));
        let schema = schemas.state_stores.get(type_name);
        schema.map(|schema| &schema.block).ok_or_else(unknown)
    }

    /// Validates a configuration of a state store.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_state_store(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Diagnostics> {
        let rpc = "ValidateStateStoreConfig";
        let block = self.state_store(type_name).await?;
        let request = proto::ValidateStateStoreRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
        };
        let response = self.raw().validate_state_store_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a configuration and opens the state store. The provider must be configured before.
    ///
    /// # Errors
    /// When the provider refuses it, or the configuration is not wholly known: core does not ask then.
    pub async fn open_state_store(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Answer<Store>> {
        let rpc = "ConfigureStateStore";
        let block = self.state_store(type_name).await?;
        let config = config.to_value(block)?;
        if !config.is_wholly_known() {
            let problem = "the configuration of a state store is wholly known";
            return Err(Error::test(problem));
        }
        let mut warnings = self.validate_state_store(type_name, &config).await?;
        let request = proto::ConfigureStateStoreRequest {
            type_name: type_name.to_owned(),
            config: write(&config, &block.ty())?,
            capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().configure_state_store(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let size = response.capabilities.map(|capabilities| capabilities.chunk_size);
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        // Core reads the capabilities in any case, and looks at the size when there is no error.
        if size.is_none() || !verdict.failed() {
            verdict.found(rules::chunk_size(size));
        }
        let store = Store {
            client: self.clone(),
            type_name: type_name.to_owned(),
            chunk_size: size
                .and_then(|size| usize::try_from(size).ok())
                .unwrap_or_default(),
        };
        let answer = verdict.end(store)?;
        warnings.append(answer.warnings);
        Ok(Answer { warnings, ..answer })
    }
}

impl Store {
    /// The client that it is used through.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The size of chunks that was agreed, in bytes.
    #[must_use]
    pub fn chunk_size(&self) -> usize {
        self.chunk_size
    }

    /// The state of that id; `None` if there is none.
    ///
    /// # Errors
    /// When the provider cannot, or when the chunks are no whole state.
    pub async fn read(&self, id: &str) -> Result<Answer<Option<Vec<u8>>>> {
        let rpc = "ReadStateBytes";
        let request = proto::ReadStateBytesRequest {
            type_name: self.type_name.clone(),
            state_id: id.to_owned(),
        };
        let response = self.client.raw().read_state_bytes(request).await;
        let mut chunks = response.map_err(failed(rpc, id))?.into_inner();
        let (mut state, mut seen, mut diagnostics) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(chunk) = chunks.message().await.map_err(failed(rpc, id))? {
            seen.push(StateChunk {
                length: chunk.bytes.len(),
                total_length: chunk.total_length,
                range: chunk.range.map(|range| (range.start, range.end)),
            });
            state.extend_from_slice(&chunk.bytes);
            diagnostics.extend(chunk.diagnostics);
        }
        let mut verdict = Self::verdict(rpc, id, diagnostics);
        if !verdict.failed() {
            verdict.found(rules::state_chunks(self.chunk_size, &seen));
        }
        verdict.end(Some(state).filter(|state| !state.is_empty()))
    }

    /// Stores the state of that id.
    ///
    /// # Errors
    /// When the provider cannot, or when there is nothing in it: core does not store that.
    pub async fn write(&self, id: &str, state: &[u8]) -> Result<Diagnostics> {
        let rpc = "WriteStateBytes";
        if state.is_empty() {
            return Err(Error::test("a state is never empty"));
        }
        let chunks: Vec<_> = self.chunks(id, state).collect();
        let response = self.client.raw().write_state_bytes(stream::iter(chunks)).await;
        let response = response.map_err(failed(rpc, id))?.into_inner();
        Ok(Self::verdict(rpc, id, response.diagnostics).end(())?.warnings)
    }

    fn chunks<'a>(
        &'a self,
        id: &'a str,
        state: &'a [u8],
    ) -> impl Iterator<Item = proto::WriteStateBytesChunk> + 'a {
        let number = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let pieces = state.chunks(self.chunk_size.max(1)).enumerate();
        pieces.map(move |(place, bytes)| {
            let start = place * self.chunk_size;
            let meta = proto::WriteStateBytesMeta {
                type_name: self.type_name.clone(),
                state_id: id.to_owned(),
            };
            proto::WriteStateBytesChunk {
                meta: (place == 0).then_some(meta),
                bytes: bytes.to_vec().into(),
                total_length: number(state.len()),
                range: Some(proto::StateRange {
                    start: number(start),
                    end: number(start + bytes.len() - 1),
                }),
            }
        })
    }

    /// Takes the lock of a state for what Terraform does with it, for example `apply`. The result is what gives it back, or
    /// `None` if the store has no locks.
    ///
    /// # Errors
    /// When the provider cannot, or when somebody holds it.
    pub async fn lock(&self, id: &str, operation: &str) -> Result<Answer<Option<String>>> {
        let rpc = "LockState";
        let request = proto::LockStateRequest {
            type_name: self.type_name.clone(),
            state_id: id.to_owned(),
            operation: operation.to_owned(),
        };
        let response = self.client.raw().lock_state(request).await;
        let response = response.map_err(failed(rpc, id))?.into_inner();
        let lock_id = Some(response.lock_id).filter(|lock_id| !lock_id.is_empty());
        Self::verdict(rpc, id, response.diagnostics).end(lock_id)
    }

    /// Gives the lock of a state back.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn unlock(&self, id: &str, lock_id: &str) -> Result<Diagnostics> {
        let rpc = "UnlockState";
        let request = proto::UnlockStateRequest {
            type_name: self.type_name.clone(),
            state_id: id.to_owned(),
            lock_id: lock_id.to_owned(),
        };
        let response = self.client.raw().unlock_state(request).await;
        let response = response.map_err(failed(rpc, id))?.into_inner();
        Ok(Self::verdict(rpc, id, response.diagnostics).end(())?.warnings)
    }

    /// The ids of all states.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn states(&self) -> Result<Answer<Vec<String>>> {
        let rpc = "GetStates";
        let request = proto::GetStatesRequest {
            type_name: self.type_name.clone(),
        };
        let response = self.client.raw().get_states(request).await;
        let response = response.map_err(failed(rpc, &self.type_name))?.into_inner();
        Self::verdict(rpc, &self.type_name, response.diagnostics).end(response.state_id)
    }

    /// Removes a state.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn delete(&self, id: &str) -> Result<Diagnostics> {
        let rpc = "DeleteState";
        let request = proto::DeleteStateRequest {
            type_name: self.type_name.clone(),
            state_id: id.to_owned(),
        };
        let response = self.client.raw().delete_state(request).await;
        let response = response.map_err(failed(rpc, id))?.into_inner();
        Ok(Self::verdict(rpc, id, response.diagnostics).end(())?.warnings)
    }

    /// These calls are about states, and no attribute is at fault.
    fn verdict(rpc: &str, subject: &str, diagnostics: Vec<proto::Diagnostic>) -> Verdict {
        Verdict::new(rpc, subject, &Block::default(), diagnostics)
    }
}
