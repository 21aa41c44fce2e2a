//! Resources.

use std::marker::PhantomData;

use futures::future::BoxFuture;

use super::identity::{IdentityEntry, TakeOver, take_over};
use super::{Call, Described, Offer, Outcome, add, finished, typed_validation};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::identity::{Identify, UpgradeIdentity};
use crate::model::{Model, ModelError};
use crate::moved::Move;
use crate::resource::{Change, Failure, GenerateConfig, Import, Plan, Planned, Resource, Upgrade};
use crate::value::Value;

pub(crate) type UpgradeState = fn(i64, serde_json::Value) -> Result<serde_json::Value, Diagnostics>;

/// A resource without its Rust type. Values are of the schema's type, or null.
#[derive(Debug)]
pub(crate) struct ResourceEntry<C> {
    pub(crate) schema: Described,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) create: Call<C, Change<Value>, Value>,
    pub(crate) read: Call<C, Value, Value>,
    pub(crate) update: Call<C, Change<Value>, Value>,
    pub(crate) delete: Call<C, Value, Value>,
    pub(crate) plan: Option<Call<C, Change<Value>, Option<Planned<Value>>>>,
    pub(crate) import: Option<Call<C, String, Value>>,
    pub(crate) upgrade: Option<UpgradeState>,
    pub(crate) identity: Option<IdentityEntry<C>>,
    pub(crate) take_over: Option<TakeOver>,
    pub(crate) generate: Option<fn(Value) -> Result<Value, ModelError>>,
}

/// A resource just offered, to say what more it can do.
#[derive(Debug)]
pub struct ResourceOffer<'a, R, C> {
    entry: &'a mut ResourceEntry<C>,
    resource: PhantomData<fn() -> R>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers a resource.
    pub fn resource<R: Resource<Client = C>>(&mut self) -> ResourceOffer<'_, R, C> {
        self.resource_as(R::NAME)
    }

    /// Offers a resource under another name than its own, without the provider's: an older one that users still have, or
    /// one of several of the same form.
    pub fn resource_as<R: Resource<Client = C>>(&mut self, name: &str) -> ResourceOffer<'_, R, C> {
        let entry = ResourceEntry {
            schema: Described::by(R::schema),
            validate: |config| typed_validation::<R>(config, R::validate),
            create: create::<R>,
            read: read::<R>,
            update: update::<R>,
            delete: delete::<R>,
            plan: None,
            import: None,
            upgrade: None,
            identity: None,
            take_over: None,
            generate: None,
        };
        let name = format!("{}_{name}", self.prefix);
        ResourceOffer {
            entry: add(&mut self.resources, &mut self.repeated, name, entry),
            resource: PhantomData,
        }
    }
}

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the offer is made; the value only carries on"
)]
impl<C: Send + Sync + 'static, R: Resource<Client = C>> ResourceOffer<'_, R, C> {
    /// The resource completes its plans.
    pub fn plan(self) -> Self
    where
        R: Plan,
    {
        self.entry.plan = Some(plan::<R>);
        self
    }

    /// The resource can be imported.
    pub fn import(self) -> Self
    where
        R: Import,
    {
        self.entry.import = Some(import::<R>);
        self
    }

    /// The resource upgrades state of older versions.
    pub fn upgrade(self) -> Self
    where
        R: Upgrade,
    {
        self.entry.upgrade = Some(R::upgrade);
        self
    }

    /// The resource's things have an identity, by which they can be imported and listed.
    pub fn identify(self) -> Self
    where
        R: Identify,
    {
        self.entry.identity = Some(IdentityEntry::new::<R>());
        self
    }

    /// The resource upgrades identities of older versions.
    pub fn upgrade_identity(self) -> Self
    where
        R: UpgradeIdentity,
    {
        let mut identity = IdentityEntry::new::<R>();
        identity.upgrade = Some(R::upgrade_identity);
        self.entry.identity = Some(identity);
        self
    }

    /// The resource writes the configuration of what was imported itself.
    pub fn generate_config(self) -> Self
    where
        R: GenerateConfig,
    {
        self.entry.generate = Some(|state| Ok(R::generate_config(R::from_value(state)?).into_value()));
        self
    }

    /// The resource takes over the state of other types.
    pub fn take_over(self) -> Self
    where
        R: Move,
    {
        self.entry.take_over = Some(take_over::<R>);
        self
    }
}

fn create<R: Resource>(
    mut context: Context<R::Client>,
    change: Change<Value>,
) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let result = match (R::from_value(change.proposed), R::from_value(change.config)) {
            (Ok(planned), Ok(config)) => R::create(&mut context, planned, config).await,
            (Err(error), _) | (_, Err(error)) => Err(Diagnostic::from(error).into()),
        };
        changed(context, result, Value::Null)
    })
}

fn update<R: Resource>(
    mut context: Context<R::Client>,
    change: Change<Value>,
) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let prior_value = change.prior.unwrap_or(Value::Null);
        let typed = || -> Result<(R, R, R), ModelError> {
            Ok((
                R::from_value(prior_value.clone())?,
                R::from_value(change.proposed)?,
                R::from_value(change.config)?,
            ))
        };
        let result = match typed() {
            Ok((prior, planned, config)) => R::update(&mut context, prior, planned, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        changed(context, result, prior_value)
    })
}

fn delete<R: Resource>(mut context: Context<R::Client>, state: Value) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let result = match R::from_value(state.clone()) {
            Ok(typed) => R::delete(&mut context, typed).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(()) => finished(context, Value::Null, Diagnostics::default()),
            Err(Failure {
                diagnostics,
                state: left,
            }) => finished(
                context,
                left.map_or(state, |left| R::into_value(*left)),
                diagnostics,
            ),
        }
    })
}

fn read<R: Resource>(mut context: Context<R::Client>, state: Value) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let result = match R::from_value(state.clone()) {
            Ok(typed) => R::read(&mut context, typed).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(found) => finished(
                context,
                found.map_or(Value::Null, R::into_value),
                Diagnostics::default(),
            ),
            Err(diagnostics) => finished(context, state, diagnostics),
        }
    })
}

fn plan<R: Plan>(
    mut context: Context<R::Client>,
    change: Change<Value>,
) -> BoxFuture<'static, Outcome<Option<Planned<Value>>>> {
    Box::pin(async move {
        let typed = || -> Result<Change<R>, ModelError> {
            Ok(Change {
                config: R::from_value(change.config)?,
                prior: change.prior.map(R::from_value).transpose()?,
                proposed: R::from_value(change.proposed)?,
            })
        };
        let result = match typed() {
            Ok(change) => R::plan(&mut context, change).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(Planned { state, replace }) => {
                let planned = Planned {
                    state: state.into_value(),
                    replace,
                };
                finished(context, Some(planned), Diagnostics::default())
            }
            Err(diagnostics) => finished(context, None, diagnostics),
        }
    })
}

fn import<R: Import>(mut context: Context<R::Client>, id: String) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        match R::import(&mut context, &id).await {
            Ok(state) => finished(context, state.into_value(), Diagnostics::default()),
            Err(diagnostics) => finished(context, Value::Null, diagnostics),
        }
    })
}

/// The end of a create or update: what there is now, or else `before`.
fn changed<R: Model, C>(context: Context<C>, result: Result<R, Failure<R>>, before: Value) -> Outcome<Value> {
    match result {
        Ok(state) => finished(context, state.into_value(), Diagnostics::default()),
        Err(Failure { diagnostics, state }) => finished(
            context,
            state.map_or(before, |state| R::into_value(*state)),
            diagnostics,
        ),
    }
}
