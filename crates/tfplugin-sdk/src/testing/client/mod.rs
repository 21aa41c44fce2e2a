//! The client: one method a call, in the terms of the SDK, each answer checked.

mod action;
mod data_source;
mod ephemeral;
mod function;
mod generate;
mod identity;
mod list;
mod plan;
mod provider;
mod resource;
mod state_store;
mod verdict;

pub use self::action::Invocation;
pub use self::ephemeral::Ephemeral;
pub use self::list::Listed;
pub use self::state_store::Store;

use std::sync::Arc;

use serde_json::Value as Json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OnceCell;
use tonic::transport::Channel;

use super::{Capabilities, Error, Handshake, Result, Schemas, config, connect, value_to_json};
use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::rules::Action;
use crate::schema::Schema;
use crate::value::{Type, Value};
use crate::wire::proto::provider_client::ProviderClient;
use crate::wire::{decode_dynamic, proto, write_dynamic};

/// How large an answer may be: as large as Terraform takes it.
const ANSWER_LIMIT: usize = i32::MAX as usize;

/// Speaks to a provider as Terraform core does, and applies core's rules to every answer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    channel: Channel,
    capabilities: Capabilities,
    meta: Json,
    schemas: Arc<OnceCell<Schemas>>,
}

/// A result, and what the provider warns of beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The result.
    pub value: T,
    /// Warnings. Errors are an [`Error`] of the call.
    pub warnings: Diagnostics,
}

/// What is stored of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its attributes and blocks, never null.
    pub value: Value,
    /// What the provider stores beside them.
    pub private: Vec<u8>,
    /// Its identity; null if it has none.
    pub identity: Value,
    /// Whether its creation failed half-way, so that the next plan replaces it.
    pub tainted: bool,
}

/// A planned change.
#[derive(Clone, Debug)]
pub struct PlannedChange {
    /// The type of the resource.
    pub type_name: String,
    /// What it does.
    pub action: Action,
    /// What was configured; null for a destruction.
    pub config: Value,
    /// What was there before; null on creation.
    pub prior: Value,
    /// What is promised; null for a destruction.
    pub planned: Value,
    /// Why the resource is replaced.
    pub replaced: Vec<Path>,
    /// What the provider keeps for the apply.
    pub private: Vec<u8>,
    /// The identity of what is there afterwards; null if there is none.
    pub identity: Value,
    /// What the provider warns of.
    pub warnings: Diagnostics,
}

impl State {
    /// The state of something that holds these values, and nothing beside them.
    #[must_use]
    pub fn of(value: Value) -> Self {
        Self {
            value,
            private: Vec::new(),
            identity: Value::Null,
            tainted: false,
        }
    }

    /// The state as JSON, without types.
    #[must_use]
    pub fn json(&self) -> Json {
        value_to_json(&self.value)
    }
}

impl PlannedChange {
    /// The planned state as JSON, without types, and with [`super::UNKNOWN`] for what is unknown.
    #[must_use]
    pub fn json(&self) -> Json {
        value_to_json(&self.planned)
    }
}

impl Client {
    /// A client over one given connection.
    ///
    /// # Errors
    /// When there is no provider at the other end.
    pub async fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<Self> {
        Ok(Self::new(connect::over(stream).await?))
    }

    /// A client of a provider that runs already, by the address in its `TF_REATTACH_PROVIDERS`: `unix` and a path, or
    /// `tcp` and an address.
    ///
    /// # Errors
    /// When there is no provider.
    pub async fn attach(network: &str, address: &str) -> Result<Self> {
        let handshake = Handshake {
            network: network.to_owned(),
            address: address.to_owned(),
            certificate: None,
        };
        Ok(Self::new(connect::connect(&handshake, None).await?))
    }

    pub(super) fn new(channel: Channel) -> Self {
        Self {
            channel,
            capabilities: Capabilities::default(),
            meta: Json::Null,
            schemas: Arc::default(),
        }
    }

    /// The same client, saying that it can do something else.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The same client, for a module that says this to the provider in a `provider_meta` block.
    #[must_use]
    pub fn with_provider_meta(mut self, meta: Json) -> Self {
        self.meta = meta;
        self
    }

    /// What the module says. Core refuses a `provider_meta` block that the provider has no schema for (rule 40).
    async fn meta(&self) -> Result<Option<proto::DynamicValue>> {
        if self.meta.is_null() {
            return Ok(None);
        }
        let schema = self.schemas().await?.provider_meta.as_ref();
        let schema = schema.ok_or_else(|| Error::test("the provider takes no `provider_meta`"))?;
        write(&config(&schema.block, &self.meta)?, &schema.block.ty())
    }

    /// The generated client, for calls that there is no method for. Its answers are not checked.
    #[must_use]
    pub fn raw(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel())
            .max_decoding_message_size(ANSWER_LIMIT)
            .max_encoding_message_size(ANSWER_LIMIT)
    }

    /// The connection itself.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub(super) async fn resource(&self, type_name: &str) -> Result<&Schema> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no resource {type_name:?}"));
        schemas.resources.get(type_name).ok_or_else(unknown)
    }
}

fn write(value: &Value, ty: &Type) -> Result<Option<proto::DynamicValue>> {
    let written = write_dynamic(value, ty).map_err(|diagnostic| Error::test(diagnostic.detail))?;
    Ok(Some(written))
}
