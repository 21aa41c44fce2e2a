//! Applying a plan: planned once more, and a replacement in two halves.

use super::{Answer, Configuration, Lifecycle, PlannedChange, Result, State};
use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::rules::Action;
use crate::value::Value;

impl Lifecycle {
    /// Applies a plan whose configuration is wholly known.
    ///
    /// # Errors
    /// When the second plan is not the same, or when the provider cannot. What it leaves then is the state.
    pub async fn apply(&mut self, change: &PlannedChange) -> Result<()> {
        self.apply_with(change, &change.config).await
    }

    /// Applies a plan after what was unknown in its configuration has become known.
    ///
    /// # Errors
    /// When the second plan is no completion of the first, or when the provider cannot. What it leaves then is the state.
    pub async fn apply_with(&mut self, change: &PlannedChange, config: &impl Configuration) -> Result<()> {
        match change.action {
            Action::NoOp => return Ok(()),
            Action::Delete => return self.apply_one(change).await,
            Action::Create | Action::Update => {}
            Action::Replace => {
                if let Some(old) = self.load().await? {
                    self.apply_one(&removal(change, &old)).await?;
                }
            }
        }
        let prior = self.load().await?;
        let again = self.client.plan_again(change, config, prior.as_ref()).await?;
        if again.action == Action::NoOp {
            return Ok(());
        }
        self.apply_one(&again).await
    }

    async fn apply_one(&mut self, change: &PlannedChange) -> Result<()> {
        match self.client.apply(change).await {
            Ok(Answer { value, warnings }) => {
                self.warnings.append(warnings);
                self.store(value).await
            }
            Err(error) => {
                if error.diagnostics().has_error() {
                    self.store(error.left().cloned()).await?;
                }
                Err(error)
            }
        }
    }
}

/// The first half of a replacement.
fn removal(change: &PlannedChange, old: &State) -> PlannedChange {
    PlannedChange {
        type_name: change.type_name.clone(),
        action: Action::Delete,
        config: Value::Null,
        prior: old.value.clone(),
        planned: Value::Null,
        replaced: Vec::<Path>::new(),
        private: change.private.clone(),
        identity: old.identity.clone(),
        warnings: Diagnostics::default(),
    }
}
