//! Calls about the provider as a whole.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use super::Service;
use super::announcement::{Announcement, broken};
use super::answer::Answer;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::offer::FunctionEntry;
use crate::provider::Provider;
use crate::schema;
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
        let mut announcement = Announcement::default();
        let provider = announcement.made(<P as Model>::NAME, &self.shared.schema, schema::check);
        let resources = announcement.all(&offer.resources, |entry| &entry.schema, schema::check);
        let data_sources = announcement.all(&offer.data_sources, |entry| &entry.schema, schema::check);
        let ephemeral = announcement.all(&offer.ephemeral, |entry| &entry.schema, schema::check);
        let lists = announcement.all(&offer.lists, |entry| &entry.schema, schema::check_list);
        let actions = announcement.all(&offer.actions, |entry| &entry.schema, schema::check_action);
        let stores = announcement.all(
            &offer.state_stores,
            |entry| &entry.schema,
            schema::check_state_store,
        );
        let actions = actions.into_iter().map(|(name, schema)| {
            let schema = Some(schema);
            (name, proto::ActionSchema { schema })
        });
        let functions = offer.functions.iter();
        let problems: Diagnostics = announcement
            .problems
            .into_iter()
            .chain(functions.filter_map(|(name, entry)| unreachable(name, entry)))
            .chain(offer.repeated.iter().map(|name| repeated(name)))
            .chain(self.lists_of_nothing())
            .collect();
        proto::GetProviderSchemaResponse {
            provider: Some(provider),
            provider_meta: offer.meta.as_ref().map(Into::into),
            resource_schemas: resources,
            data_source_schemas: data_sources,
            ephemeral_resource_schemas: ephemeral,
            functions: self.functions(),
            list_resource_schemas: lists,
            action_schemas: actions.collect(),
            state_store_schemas: stores,
            server_capabilities: Some(capabilities()),
            ..Default::default()
        }
        .and(problems)
    }

    /// List resources without a resource whose things they could list.
    fn lists_of_nothing(&self) -> impl Iterator<Item = Diagnostic> {
        let lists = self.shared.offer.lists.keys();
        lists.filter_map(|name| {
            let resource = self.shared.offer.resources.get(name);
            let alone = resource.is_none_or(|resource| resource.identity.is_none());
            let sentence =
                format!("there is no resource {name} with an identity, which is what a list resource lists");
            alone.then(|| broken(name, &sentence))
        })
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
