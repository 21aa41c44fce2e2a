//! Calls about actions.

use std::mem;

use tonic::Streaming;

use super::verdict::{Verdict, failed};
use super::{Answer, Client, Error, Result, proto, write};
use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::rules::{self, InvocationEvent, Rule, Violation};
use crate::schema::Block;
use crate::testing::configuration::Configuration;
use crate::value::Value;
use crate::wire::proto::invoke_action_event::Type;

const INVOKE: &str = "InvokeAction";

/// An action under way. Dropping it tells the provider that nobody waits for the end.
#[derive(Debug)]
pub struct Invocation {
    type_name: String,
    block: Block,
    stream: Streaming<proto::InvokeActionEvent>,
    events: Vec<InvocationEvent>,
    diagnostics: Vec<proto::Diagnostic>,
    warnings: Diagnostics,
}

impl Client {
    async fn action(&self, type_name: &str) -> Result<&Block> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no action {type_name:?}"));
        let schema = schemas.actions.get(type_name);
        schema.map(|schema| &schema.block).ok_or_else(unknown)
    }

    /// Validates a configuration of an action.
    ///
    /// # Errors
    /// When the provider refuses it.
    pub async fn validate_action(&self, type_name: &str, config: &impl Configuration) -> Result<Diagnostics> {
        let rpc = "ValidateActionConfig";
        let block = self.action(type_name).await?;
        let request = proto::ValidateActionConfigRequest {
            type_name: type_name.to_owned(),
            config: write(&config.to_value(block)?, &block.ty())?,
        };
        let response = self.raw().validate_action_config(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        Ok(verdict.end(())?.warnings)
    }

    /// Validates a configuration and plans the action.
    ///
    /// # Errors
    /// When the provider refuses it, or when it defers as the client allows it to ([`Error::Deferred`]).
    pub async fn plan_action(&self, type_name: &str, config: &impl Configuration) -> Result<Diagnostics> {
        let rpc = "PlanAction";
        let block = self.action(type_name).await?;
        let config = config.to_value(block)?;
        let mut warnings = self.validate_action(type_name, &config).await?;
        let request = proto::PlanActionRequest {
            action_type: type_name.to_owned(),
            config: write(&config, &block.ty())?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().plan_action(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        verdict.found(reason(response.deferred));
        if !verdict.broken() {
            verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
        }
        warnings.append(verdict.end(())?.warnings);
        Ok(warnings)
    }

    /// Validates a configuration, plans the action and invokes it. The result is what it says on the way.
    ///
    /// # Errors
    /// When the provider refuses it, or the configuration is not wholly known: core does not ask then.
    pub async fn invoke_action(
        &self,
        type_name: &str,
        config: &impl Configuration,
    ) -> Result<Answer<Vec<String>>> {
        let mut invocation = self.begin_action(type_name, config).await?;
        let mut said = Vec::new();
        while let Some(message) = invocation.next().await? {
            said.push(message);
        }
        let warnings = invocation.end().await?;
        Ok(Answer {
            value: said,
            warnings,
        })
    }

    /// The same, without waiting for what it says, nor for its end.
    ///
    /// # Errors
    /// When the provider refuses it, or the configuration is not wholly known: core does not ask then.
    pub async fn begin_action(&self, type_name: &str, config: &impl Configuration) -> Result<Invocation> {
        let block = self.action(type_name).await?;
        let config = config.to_value(block)?;
        if !config.is_wholly_known() {
            let problem = "an action is invoked when its configuration is wholly known";
            return Err(Error::test(problem));
        }
        let warnings = self.plan_action(type_name, &config).await?;
        self.invoke(type_name, block, &config, warnings).await
    }

    async fn invoke(
        &self,
        type_name: &str,
        block: &Block,
        config: &Value,
        warnings: Diagnostics,
    ) -> Result<Invocation> {
        let request = proto::InvokeActionRequest {
            action_type: type_name.to_owned(),
            config: write(config, &block.ty())?,
            client_capabilities: Some(self.capabilities.into()),
        };
        let response = self.raw().invoke_action(request).await;
        Ok(Invocation {
            type_name: type_name.to_owned(),
            block: block.clone(),
            stream: response.map_err(failed(INVOKE, type_name))?.into_inner(),
            events: Vec::new(),
            diagnostics: Vec::new(),
            warnings,
        })
    }
}

impl Invocation {
    /// What it says next; `None` when there is nothing more.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn next(&mut self) -> Result<Option<String>> {
        while let Some(event) = self
            .stream
            .message()
            .await
            .map_err(failed(INVOKE, &self.type_name))?
        {
            match event.r#type {
                Some(Type::Progress(progress)) => {
                    self.events.push(InvocationEvent::Progress);
                    return Ok(Some(progress.message));
                }
                Some(Type::Completed(completed)) => {
                    self.events.push(InvocationEvent::Completed);
                    self.diagnostics.extend(completed.diagnostics);
                }
                None => self.events.push(InvocationEvent::Untyped),
            }
        }
        Ok(None)
    }

    /// Waits for the end, and returns what the provider warns of.
    ///
    /// # Errors
    /// When the action failed, or did not end as core needs it.
    pub async fn end(mut self) -> Result<Diagnostics> {
        while self.next().await?.is_some() {}
        let diagnostics = mem::take(&mut self.diagnostics);
        let mut verdict = Verdict::new(INVOKE, &self.type_name, &self.block, diagnostics);
        verdict.found(rules::invocation(&self.events));
        let mut warnings = self.warnings;
        warnings.append(verdict.end(())?.warnings);
        Ok(warnings)
    }
}

/// Core knows one reason to defer an action.
fn reason(deferred: Option<proto::Deferred>) -> Vec<Violation> {
    let expected = proto::DeferredReason::ProviderConfigUnknown;
    match deferred {
        Some(deferred) if deferred.reason() != expected => {
            let message = format!(
                "the action is deferred with the reason {}, and only {} is one",
                deferred.reason().as_str_name(),
                expected.as_str_name()
            );
            vec![Violation::new(&Path::default(), Rule::Action, message)]
        }
        _ => Vec::new(),
    }
}
