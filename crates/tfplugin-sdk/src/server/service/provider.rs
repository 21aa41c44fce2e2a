//! Calls about the provider as a whole.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use super::Service;
use super::answer::Answer;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::offer::FunctionEntry;
use crate::provider::Provider;
use crate::schema::{self, Schema};
use crate::wire::{proto, read_dynamic};

fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
        ..Default::default()
    }
}

/// Everything in a list by its name.
fn named<E, M>(entries: &BTreeMap<String, E>, metadata: impl Fn(String) -> M) -> Vec<M> {
    entries.keys().cloned().map(metadata).collect()
}

impl<P: Provider> Service<P> {
    pub(super) fn metadata(&self) -> proto::GetMetadataResponse {
        let offer = &self.shared.offer;
        proto::GetMetadataResponse {
            server_capabilities: Some(capabilities()),
            resources: named(&offer.resources, |type_name| proto::ResourceMetadata {
                type_name,
            }),
            data_sources: named(&offer.data_sources, |type_name| proto::DataSourceMetadata {
                type_name,
            }),
            ephemeral_resources: named(&offer.ephemeral, |type_name| proto::EphemeralMetadata {
                type_name,
            }),
            functions: named(&offer.functions, |name| proto::FunctionMetadata { name }),
            list_resources: named(&offer.lists, |type_name| proto::ListResourceMetadata {
                type_name,
            }),
            actions: named(&offer.actions, |type_name| proto::ActionMetadata { type_name }),
            state_stores: named(&offer.state_stores, |type_name| proto::StateStoreMetadata {
                type_name,
            }),
            ..Default::default()
        }
    }

    pub(super) fn schemas(&self) -> proto::GetProviderSchemaResponse {
        let offer = &self.shared.offer;
        let resources = offer.resources.iter().map(|(name, entry)| (name, &entry.schema));
        let data_sources = offer
            .data_sources
            .iter()
            .map(|(name, entry)| (name, &entry.schema));
        let ephemeral = offer.ephemeral.iter().map(|(name, entry)| (name, &entry.schema));
        let lists = offer.lists.iter();
        let lists = lists.map(|(name, entry)| (name.clone(), (&entry.schema).into()));
        let actions = offer.actions.iter().map(|(name, entry)| {
            let schema = Some((&entry.schema).into());
            (name.clone(), proto::ActionSchema { schema })
        });
        let state_stores = offer.state_stores.iter();
        let state_stores = state_stores.map(|(name, entry)| (name.clone(), (&entry.schema).into()));
        let provider = (<P as Model>::NAME.to_owned(), &self.shared.schema);
        let problems: Diagnostics = std::iter::once((&provider.0, provider.1))
            .chain(resources.clone())
            .chain(data_sources.clone())
            .chain(ephemeral.clone())
            .flat_map(|(name, schema)| problems(name, schema))
            .chain(
                offer
                    .functions
                    .iter()
                    .filter_map(|(name, entry)| unreachable(name, entry)),
            )
            .chain(offer.repeated.iter().map(|name| repeated(name)))
            .chain(self.argument_problems())
            .collect();
        proto::GetProviderSchemaResponse {
            provider: Some((&self.shared.schema).into()),
            provider_meta: offer.meta.as_ref().map(Into::into),
            resource_schemas: resources
                .map(|(name, schema)| (name.clone(), schema.into()))
                .collect(),
            data_source_schemas: data_sources
                .map(|(name, schema)| (name.clone(), schema.into()))
                .collect(),
            ephemeral_resource_schemas: ephemeral
                .map(|(name, schema)| (name.clone(), schema.into()))
                .collect(),
            functions: self.functions(),
            list_resource_schemas: lists.collect(),
            action_schemas: actions.collect(),
            state_store_schemas: state_stores.collect(),
            server_capabilities: Some(capabilities()),
            ..Default::default()
        }
        .and(problems)
    }

    /// What is wrong with the schemas of actions, state stores and list resources, which have rules of their own.
    fn argument_problems(&self) -> impl Iterator<Item = Diagnostic> {
        let actions = self.shared.offer.actions.iter();
        let actions =
            actions.flat_map(|(name, entry)| broken(name, schema::check_action(&entry.schema.block)));
        let state_stores = self.shared.offer.state_stores.iter();
        let state_stores = state_stores
            .flat_map(|(name, entry)| broken(name, schema::check_state_store(&entry.schema.block)));
        let lists = self.shared.offer.lists.iter();
        let lists = lists.flat_map(|(name, entry)| {
            let identified = self.shared.offer.resources.get(name);
            let alone = identified.is_none_or(|resource| resource.identity.is_none());
            let alone = alone.then(|| {
                format!("there is no resource {name} with an identity, which is what a list resource lists")
            });
            let found = schema::check_list(&entry.schema.block).into_iter().chain(alone);
            broken(name, found.collect())
        });
        actions.chain(state_stores).chain(lists)
    }

    pub(super) fn validate_provider(
        &self,
        request: &proto::ValidateProviderConfigRequest,
    ) -> Result<proto::ValidateProviderConfigResponse, Diagnostic> {
        let config = read_dynamic(request.config.as_ref(), &self.shared.ty)?;
        let mut diagnostics = schema::validate(&self.shared.schema.block, &config);
        P::validate(&P::from_value(config)?, &mut diagnostics);
        let diagnostics = self.heard(&self.shared.schema.block, diagnostics);
        Ok(proto::ValidateProviderConfigResponse::default().and(diagnostics))
    }

    pub(super) async fn configure(
        &self,
        request: proto::ConfigureProviderRequest,
    ) -> Result<proto::ConfigureProviderResponse, Diagnostic> {
        let config = P::from_value(read_dynamic(request.config.as_ref(), &self.shared.ty)?)?;
        let configured = config.configure().await;
        let mut client = self.shared.client.write().unwrap_or_else(PoisonError::into_inner);
        match configured {
            Ok(new) => {
                *client = Some(Arc::new(new));
                Ok(proto::ConfigureProviderResponse::default())
            }
            Err(diagnostics) => {
                *client = None;
                Ok(proto::ConfigureProviderResponse::default().and(diagnostics))
            }
        }
    }
}

fn repeated(name: &str) -> Diagnostic {
    Diagnostic::bug(format!(
        "It offers {name} twice, so that one of the two could never be reached."
    ))
}

/// Parameters that nobody could ever give.
fn unreachable(name: &str, entry: &FunctionEntry) -> Option<Diagnostic> {
    let behind = &entry.signature.unreachable;
    (!behind.is_empty()).then(|| {
        Diagnostic::bug(format!(
            "The function {name} has parameters behind its variadic one, which must be the last: {}.",
            behind.join(", ")
        ))
    })
}

/// What is wrong with a schema. Terraform would refuse it with less to go by, or crash.
fn problems(name: &str, schema: &Schema) -> Vec<Diagnostic> {
    broken(name, schema::check(&schema.block))
}

fn broken(name: &str, sentences: Vec<String>) -> Vec<Diagnostic> {
    sentences
        .into_iter()
        .map(|sentence| Diagnostic::bug(format!("The schema of {name} is broken: {sentence}.")))
        .collect()
}
