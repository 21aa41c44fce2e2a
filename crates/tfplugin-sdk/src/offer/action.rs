//! Actions.

use std::marker::PhantomData;

use futures::future::BoxFuture;

use super::{Call, Described, Offer, Outcome, add, finished, typed_validation};
use crate::action::{Action, ActionPlan, PlanAction, Progress};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Value;

/// An action without its Rust type.
#[derive(Debug)]
pub(crate) struct ActionEntry<C> {
    pub(crate) schema: Described,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) plan: Option<Call<C, Value, Option<ActionPlan>>>,
    pub(crate) invoke: Call<C, (Value, Progress), ()>,
}

/// An action just offered, to say what more it can do.
#[derive(Debug)]
pub struct ActionOffer<'a, A, C> {
    entry: &'a mut ActionEntry<C>,
    action: PhantomData<fn() -> A>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers an action.
    pub fn action<A: Action<Client = C>>(&mut self) -> ActionOffer<'_, A, C> {
        let entry = ActionEntry {
            schema: Described::by(A::schema),
            validate: |config| typed_validation::<A>(config, A::validate),
            plan: None,
            invoke: invoke::<A>,
        };
        let name = format!("{}_{}", self.prefix, A::NAME);
        ActionOffer {
            entry: add(&mut self.actions, &mut self.repeated, name, entry),
            action: PhantomData,
        }
    }
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "the offer is made; the value only carries on"
)]
impl<C: Send + Sync + 'static, A: Action<Client = C>> ActionOffer<'_, A, C> {
    /// It is looked at before it is promised.
    pub fn plan(self) -> Self
    where
        A: PlanAction,
    {
        self.entry.plan = Some(plan::<A>);
        self
    }
}

fn plan<A: PlanAction>(
    mut context: Context<A::Client>,
    config: Value,
) -> BoxFuture<'static, Outcome<Option<ActionPlan>>> {
    Box::pin(async move {
        let result = match A::from_value(config) {
            Ok(config) => A::plan(&mut context, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(plan) => finished(context, Some(plan), Diagnostics::default()),
            Err(diagnostics) => finished(context, None, diagnostics),
        }
    })
}

fn invoke<A: Action>(
    mut context: Context<A::Client>,
    (config, progress): (Value, Progress),
) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let result = match A::from_value(config) {
            Ok(config) => A::invoke(&mut context, config, &progress).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        finished(context, (), result.err().unwrap_or_default())
    })
}
