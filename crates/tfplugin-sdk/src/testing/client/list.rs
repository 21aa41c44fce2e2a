//! Calls about list resources.

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, Result, proto, write};
use crate::diagnostic::Diagnostics;
use crate::rules;
use crate::schema::Block;
use crate::testing::configuration::Configuration;
use crate::value::Value;

/// A thing that a query found.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What people call it.
    pub display_name: String,
    /// Its identity.
    pub identity: Value,
    /// Its state, where that was asked for.
    pub state: Option<Value>,
}

impl Client {
    async fn query(&self, type_name: &str) -> Result<&Block> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no list resource {type_name:?}"));
        let schema = schemas.list_resources.get(type_name);
        schema.map(|schema| &schema.block).ok_or_else(unknown)
    }

    /// Validates the configuration of a query.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_list(&self, type_name: &str, config: &impl Configuration) -> Result<Diagnostics> {
        let rpc = "ValidateListResourceConfig";
        let block = self.query(type_name).await?;
        let request = proto::ValidateListResourceConfigRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
            ..Default::default()
        };
        let response = self.raw().validate_list_resource_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a query and asks it, for at most `limit` things, and for their whole state if `with_resource`.
    ///
    /// # Errors
    /// When the provider refuses it or cannot look. As in core, what it found before is lost then.
    pub async fn list(
        &self,
        type_name: &str,
        config: &impl Configuration,
        limit: usize,
        with_resource: bool,
    ) -> Result<Answer<Vec<Listed>>> {
        let rpc = "ListResource";
        let query = self.query(type_name).await?;
        let mut warnings = self.validate_list(type_name, config).await?;
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let request = proto::ListResourceRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(query)?, &query.ty())?,
            include_resource_object: with_resource,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        };
        let response = self.raw().list_resource(request).await;
        let mut events = response.map_err(failed(rpc, type_name))?.into_inner();
        let (mut found, mut diagnostics) = (Vec::new(), Vec::new());
        while let Some(event) = events.message().await.map_err(failed(rpc, type_name))? {
            // What comes with diagnostics and without an identity is nothing but these.
            let only_told = !event.diagnostic.is_empty() && event.identity.is_none();
            diagnostics.extend(event.diagnostic.clone());
            if !only_told {
                found.push(event);
            }
        }
        let mut verdict = Verdict::new(rpc, type_name, block, diagnostics);
        let mut listed = Vec::new();
        for event in found {
            listed.push(Listed {
                identity: verdict.identity(identity, event.identity.as_ref()),
                state: event
                    .resource_object
                    .map(|object| verdict.read(Some(&object), &block.ty())),
                display_name: event.display_name,
            });
        }
        let things: Vec<_> = listed
            .iter()
            .map(|thing| (thing.identity.clone(), thing.state.clone()))
            .collect();
        verdict.found(rules::list(block, identity, limit, with_resource, &things));
        let answer = verdict.end(listed)?;
        warnings.append(answer.warnings);
        Ok(Answer { warnings, ..answer })
    }
}
