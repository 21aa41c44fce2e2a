//! Planning, as core does it: with a proposed state, twice if the resource is replaced, and once more before the apply.

use super::identity::tell;
use super::verdict::{Verdict, failed, read_path};
use super::{Client, Error, PlannedChange, Result, State, proto, write};
use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::rules::{self, Action};
use crate::schema::Block;
use crate::testing::configuration::Configuration;
use crate::testing::proposed::proposed;
use crate::value::Value;

/// One call's answer.
struct Planned {
    state: Value,
    replaced: Vec<Path>,
    private: Vec<u8>,
    identity: Value,
    warnings: Diagnostics,
}

/// What one call is asked.
struct Question<'a> {
    type_name: &'a str,
    config: &'a Value,
    prior: &'a Value,
    private: &'a [u8],
    identity: &'a Value,
    planned_private: &'a [u8],
}

impl Question<'_> {
    fn request(&self, block: &Block, identity: Option<&Block>) -> Result<proto::PlanResourceChangeRequest> {
        let ty = block.ty();
        let proposal = if self.config.is_null() {
            Value::Null
        } else {
            proposed(block, self.prior, self.config)
        };
        Ok(proto::PlanResourceChangeRequest {
            type_name: self.type_name.to_owned(),
            prior_state: write(self.prior, &ty)?,
            proposed_new_state: write(&proposal, &ty)?,
            config: write(self.config, &ty)?,
            prior_private: self.private.to_vec(),
            prior_identity: tell(identity, self.identity)?,
            planned_private: self.planned_private.to_vec(),
            ..Default::default()
        })
    }
}

impl Client {
    /// Validates a configuration and plans what it takes to get there. What replaces a resource is planned twice, the
    /// second time as a creation.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn plan(
        &self,
        type_name: &str,
        config: &impl Configuration,
        prior: Option<&State>,
    ) -> Result<PlannedChange> {
        let block = &self.resource(type_name).await?.block;
        self.plan_with(type_name, config.to_value(block)?, prior, &[])
            .await
    }

    /// Plans a change again, as core does before it applies it, and compares. By then the configuration must be wholly
    /// known. For a replacement, of which the old object is gone by then, `prior` is `None`.
    ///
    /// # Errors
    /// When the second plan is no completion of the first.
    pub async fn plan_again(
        &self,
        first: &PlannedChange,
        config: &impl Configuration,
        prior: Option<&State>,
    ) -> Result<PlannedChange> {
        let type_name = first.type_name.as_str();
        let block = &self.resource(type_name).await?.block;
        let config = config.to_value(block)?;
        if !config.is_wholly_known() {
            return Err(Error::test(
                "a change is applied when its configuration is wholly known",
            ));
        }
        let planned_private: &[u8] = if self.capabilities.planned_private {
            &first.private
        } else {
            &[]
        };
        let second = self.plan_with(type_name, config, prior, planned_private).await?;
        // The old object is gone already, so that the second half of a replacement looks like a creation.
        let action = if first.action == Action::Replace && second.action == Action::Create {
            Action::Replace
        } else {
            second.action
        };
        let found = rules::replan(block, (first.action, &first.planned), (action, &second.planned));
        if found.is_empty() {
            return Ok(second);
        }
        Err(Error::Violations {
            call: format!("PlanResourceChange of {type_name}, again before the apply"),
            found,
        })
    }

    /// Plans the destruction of a resource. The provider is asked only if it wants to be.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn plan_destroy(&self, type_name: &str, prior: &State) -> Result<PlannedChange> {
        let mut change = PlannedChange {
            type_name: type_name.to_owned(),
            action: Action::Delete,
            config: Value::Null,
            prior: prior.value.clone(),
            planned: Value::Null,
            replaced: Vec::new(),
            private: prior.private.clone(),
            identity: prior.identity.clone(),
            warnings: Diagnostics::default(),
        };
        if self.schemas().await?.plans_destruction {
            let question = Question {
                type_name,
                config: &Value::Null,
                prior: &prior.value,
                private: &prior.private,
                identity: &prior.identity,
                planned_private: &[],
            };
            let planned = self.ask(&question).await?;
            (change.private, change.warnings) = (planned.private, planned.warnings);
        }
        Ok(change)
    }

    async fn plan_with(
        &self,
        type_name: &str,
        config: Value,
        prior: Option<&State>,
        planned_private: &[u8],
    ) -> Result<PlannedChange> {
        let mut warnings = self.validate_resource(type_name, &config).await?;
        let block = &self.resource(type_name).await?.block;
        // A tainted object is replaced, whatever the provider says, and so it is planned like a new one.
        let untainted = prior.filter(|state| !state.tainted);
        let prior_value = untainted.map_or(&Value::Null, |state| &state.value);
        let question = Question {
            type_name,
            config: &config,
            prior: prior_value,
            private: untainted.map_or(&[], |state| &state.private),
            identity: untainted.map_or(&Value::Null, |state| &state.identity),
            planned_private,
        };
        let mut planned = self.ask(&question).await?;
        let mut action = rules::action(block, prior_value, &planned.state, &planned.replaced);
        if action == Action::Replace {
            let again = Question {
                prior: &Value::Null,
                private: &planned.private,
                identity: &Value::Null,
                planned_private: &[],
                ..question
            };
            let second = self.ask(&again).await?;
            // Core does not repeat warnings that it has had from the first call already.
            (planned.state, planned.private, planned.identity) =
                (second.state, second.private, second.identity);
        }
        if prior.is_some_and(|state| state.tainted) {
            action = Action::Replace;
        }
        warnings.append(planned.warnings);
        Ok(PlannedChange {
            type_name: type_name.to_owned(),
            action,
            prior: prior.map_or(Value::Null, |state| state.value.clone()),
            planned: planned.state,
            replaced: planned.replaced,
            private: planned.private,
            identity: planned.identity,
            config,
            warnings,
        })
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Planned> {
        let rpc = "PlanResourceChange";
        let Question {
            type_name,
            config,
            prior,
            ..
        } = *question;
        let block = &self.resource(type_name).await?.block;
        let identity = self.identity_block(type_name).await?;
        let ty = block.ty();
        let destroying = config.is_null();
        let request = proto::PlanResourceChangeRequest {
            client_capabilities: Some(self.capabilities.into()),
            provider_meta: self.meta().await?,
            ..question.request(block, identity)?
        };
        let response = self.raw().plan_resource_change(request).await;
        let response = response.map_err(failed(rpc, type_name))?.into_inner();
        let mut verdict = Verdict::new(rpc, type_name, block, response.diagnostics);
        verdict.not_legacy(response.legacy_type_system);
        let paths: Vec<_> = response.requires_replace.iter().map(read_path).collect();
        let mut planned = Planned {
            state: Value::Null,
            replaced: Vec::new(),
            private: response.planned_private,
            identity: Value::Null,
            warnings: Diagnostics::default(),
        };
        if !verdict.failed() {
            verdict.not_deferred(response.deferred, self.capabilities.deferral)?;
            let state = verdict.read(response.planned_state.as_ref(), &ty);
            verdict.found(if destroying {
                rules::destroy_plan(&state)
            } else {
                let mut found = rules::plan(block, config, prior, &state);
                found.extend(rules::replacement_paths(block, prior, &state, &paths));
                found
            });
            planned.replaced = rules::replaced(block, prior, &state, &paths);
            planned.identity = verdict.identity(identity, response.planned_identity.as_ref());
            verdict.found(if prior.is_null() || !planned.replaced.is_empty() {
                rules::planned_identity(identity, &planned.identity)
            } else {
                rules::identity(identity, &Value::Null, &planned.identity)
            });
            planned.state = state;
        }
        let answer = verdict.end(planned)?;
        Ok(Planned {
            warnings: answer.warnings,
            ..answer.value
        })
    }
}
