//! The arguments that every resource made of Kubernetes objects shares.

use std::time::Duration;

use tfplugin_sdk::model::{Block, Optional, Required, Timeouts, parse_duration};
use tfplugin_sdk::{Diagnostic, Diagnostics, Object, Path, Step, validators};

use super::api::Propagation;
use super::wait::{ConditionWanted, Conditions, FieldWanted};

/// How long creating, updating and deleting may take where `timeouts` does not say.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(10);

/// The name under which fields are owned where `field_manager` does not say.
pub const DEFAULT_FIELD_MANAGER: &str = "mlops";

/// What to wait for after an object is applied.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Wait {
    /// Whether to wait until the object is ready: a Deployment, StatefulSet or DaemonSet rolled out, a Job complete,
    /// a claim bound, a definition established, and for other kinds the conditions that they report. Pods without a
    /// readiness probe must stay ready for 3 seconds, unless `minReadySeconds` is set: Kubernetes counts them as ready
    /// also in the moment before they crash. The default is `true`.
    pub rollout: Optional<bool>,
    /// Conditions of the object's status to wait for.
    pub conditions: Optional<Vec<WaitCondition>>,
    /// Fields to wait for: the path of each, for example `status.phase`, and a regular expression that it must match,
    /// for example `^Running$`.
    pub fields: Optional<std::collections::BTreeMap<String, String>>,
}

/// A condition of an object's status.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct WaitCondition {
    /// Type of the condition, for example `Ready`.
    pub r#type: Required<String>,
    /// Status that the condition must have. The default is `True`.
    #[attr(validate = validators::one_of(&["True", "False", "Unknown"]))]
    pub status: Optional<String>,
}

/// What to wait for, from the argument `wait`. What is not known yet is left out.
///
/// # Errors
/// When a path or an expression is none.
pub fn conditions(wait: &Optional<Wait>) -> Result<Conditions, Diagnostics> {
    let wait = wait.get().cloned().unwrap_or_default();
    let conditions = wait
        .conditions
        .into_option()
        .unwrap_or_default()
        .into_iter()
        .map(|condition| ConditionWanted {
            kind: condition.r#type.into_option().unwrap_or_default(),
            status: condition
                .status
                .into_option()
                .unwrap_or_else(|| "True".to_owned()),
        });
    let mut problems = Diagnostics::default();
    let mut fields = Vec::new();
    for (field, pattern) in wait.fields.into_option().unwrap_or_default() {
        match FieldWanted::matches(&field, &pattern) {
            Ok(wanted) => fields.push(wanted),
            Err(error) => {
                let path = Path::attribute("wait").child("fields").join(Step::Key(field));
                problems.push(Diagnostic::error("Invalid field to wait for", format!("{error}.")).at(path));
            }
        }
    }
    let conditions = conditions.collect();
    problems.ok(Conditions {
        rollout: wait.rollout.into_option().unwrap_or(true),
        conditions,
        fields,
    })
}

/// What happens to the objects that a deleted object owns, from the argument `propagation_policy`.
#[must_use]
pub fn propagation(policy: Option<&String>) -> Propagation {
    match policy.map(String::as_str) {
        Some("Foreground") => Propagation::Foreground,
        Some("Orphan") => Propagation::Orphan,
        _ => Propagation::Background,
    }
}

/// Which operation a timeout is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creating.
    Create,
    /// Updating.
    Update,
    /// Deleting.
    Delete,
}

/// How long `operation` may take.
#[must_use]
pub fn timeout(timeouts: &Block<Timeouts>, operation: Operation) -> Duration {
    let timeouts = timeouts.0.as_ref();
    let text = timeouts.and_then(|timeouts| match operation {
        Operation::Create => timeouts.create.get(),
        Operation::Update => timeouts.update.get(),
        Operation::Delete => timeouts.delete.get(),
    });
    text.and_then(|text| parse_duration(text))
        .unwrap_or(DEFAULT_TIMEOUT)
}
