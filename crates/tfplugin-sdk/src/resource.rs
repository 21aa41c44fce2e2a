//! What a resource does. A minimal one creates, reads, updates and deletes; everything else is an optional trait.

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Model, ModelError};
use crate::path::Path;

/// A kind of thing that the provider manages.
///
/// The type it is implemented for is its state: `planned` is what was promised to the user, `config` what the user
/// wrote (and the only one that holds write-only values), `prior` and `state` what was stored last.
pub trait Resource: Model {
    /// What the provider's `configure` returns.
    type Client: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Makes the thing and returns its state, in which nothing is unknown.
    ///
    /// # Errors
    /// With the state of what is there already, if there is something: it is stored, and the resource is marked tainted.
    fn create(
        context: &mut Context<Self::Client>,
        planned: Self,
        config: Self,
    ) -> impl Future<Output = Result<Self, Failure<Self>>> + Send;

    /// Looks at the thing and returns its state, or `None` if it is gone. Failing to look is an error, never `None`.
    fn read(
        context: &mut Context<Self::Client>,
        state: Self,
    ) -> impl Future<Output = Result<Option<Self>, Diagnostics>> + Send;

    /// Changes the thing and returns its state, in which nothing is unknown.
    ///
    /// # Errors
    /// With the state that it is in now; without one, the prior state is kept.
    fn update(
        context: &mut Context<Self::Client>,
        prior: Self,
        planned: Self,
        config: Self,
    ) -> impl Future<Output = Result<Self, Failure<Self>>> + Send;

    /// Removes the thing. That it is gone already is no error.
    ///
    /// # Errors
    /// With the state that it is in now; without one, the prior state is kept.
    fn delete(
        context: &mut Context<Self::Client>,
        state: Self,
    ) -> impl Future<Output = Result<(), Failure<Self>>> + Send;
}

/// A resource that looks at the change before it is promised to the user.
pub trait Plan: Resource {
    /// Completes a plan. `change.proposed` has defaults filled in, and computed attributes unknown where the
    /// configuration changes something. It is called when nothing changes, too, but not for deletion.
    fn plan(
        context: &mut Context<Self::Client>,
        change: Change<Self>,
    ) -> impl Future<Output = Result<Planned<Self>, Diagnostics>> + Send;
}

/// A resource that can be taken over by its id.
pub trait Import: Resource {
    /// The state that [`Resource::read`] needs to read the rest.
    fn import(
        context: &mut Context<Self::Client>,
        id: &str,
    ) -> impl Future<Output = Result<Self, Diagnostics>> + Send;
}

/// A resource whose schema has changed since it was first published.
pub trait Upgrade: Resource {
    /// Brings state that was stored by version `version` of the schema into the form of the current one.
    ///
    /// # Errors
    /// When the state is not what that version stored.
    fn upgrade(version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics>;
}

/// A resource that writes the configuration of what was imported itself, where the one that follows from its schema would
/// not do: that has everything which can be configured, is not deprecated, and differs from its default.
pub trait GenerateConfig: Resource {
    /// The configuration that describes this state. What is computed must be null.
    fn generate_config(state: Self) -> Self;
}

/// A change to be planned.
#[derive(Clone, Debug)]
pub struct Change<R> {
    /// What the user wrote.
    pub config: R,
    /// What was stored last; `None` if the thing is to be created, also as the second half of a replacement.
    pub prior: Option<R>,
    /// What Terraform and the schema would plan.
    pub proposed: R,
}

/// A planned change.
#[derive(Clone, Debug)]
pub struct Planned<R> {
    /// The promise: what is known here must be so after the apply.
    pub state: R,
    /// Attributes whose change means that the thing must be replaced.
    pub replace: Vec<Path>,
}

impl<R> From<R> for Planned<R> {
    fn from(state: R) -> Self {
        Self {
            state,
            replace: Vec::new(),
        }
    }
}

/// A failed change, and what there is nevertheless.
#[derive(Clone, Debug)]
pub struct Failure<R> {
    /// Why it failed.
    pub diagnostics: Diagnostics,
    /// The state to store. Boxed, so that a result that holds a failure stays small.
    pub state: Option<Box<R>>,
}

impl<R> Failure<R> {
    /// A failure that leaves something behind.
    pub fn with_state(diagnostics: impl Into<Diagnostics>, state: R) -> Self {
        Self {
            diagnostics: diagnostics.into(),
            state: Some(Box::new(state)),
        }
    }
}

impl<R> From<Diagnostics> for Failure<R> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostics,
            state: None,
        }
    }
}

impl<R> From<ModelError> for Failure<R> {
    fn from(error: ModelError) -> Self {
        Diagnostics::from(error).into()
    }
}

impl<R> From<Diagnostic> for Failure<R> {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}
