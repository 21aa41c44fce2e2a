//! The list of what a provider offers, and the bridge from typed authors to untyped values.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::time::SystemTime;

use futures::future::BoxFuture;

use crate::context::Context;
use crate::data_source::DataSource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ephemeral::{Close, EphemeralResource, Opened, Renew};
use crate::function::{Arguments, Function, FunctionError, Returned, Signature};
use crate::model::{Model, ModelError};
use crate::path::Path;
use crate::private::Private;
use crate::resource::{Change, Failure, Import, Plan, Planned, Resource, Upgrade};
use crate::schema::Schema;
use crate::value::{Type, Value};

/// Everything that a provider offers.
#[derive(Debug)]
pub struct Offer<C> {
    prefix: &'static str,
    pub(crate) resources: BTreeMap<String, ResourceEntry<C>>,
    pub(crate) data_sources: BTreeMap<String, DataSourceEntry<C>>,
    pub(crate) ephemeral: BTreeMap<String, EphemeralEntry<C>>,
    pub(crate) functions: BTreeMap<String, FunctionEntry>,
}

/// What an author's call came to.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    pub(crate) result: T,
    pub(crate) private: Private,
    pub(crate) diagnostics: Diagnostics,
}

type Call<C, In, Out> = fn(Context<C>, In) -> BoxFuture<'static, Outcome<Out>>;

type UpgradeState = fn(i64, serde_json::Value) -> Result<serde_json::Value, Diagnostics>;

/// A resource without its Rust type. Values are of the schema's type, or null.
#[derive(Debug)]
pub(crate) struct ResourceEntry<C> {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) create: Call<C, Change<Value>, Value>,
    pub(crate) read: Call<C, Value, Value>,
    pub(crate) update: Call<C, Change<Value>, Value>,
    pub(crate) delete: Call<C, Value, Value>,
    pub(crate) plan: Option<Call<C, Change<Value>, Option<Planned<Value>>>>,
    pub(crate) import: Option<Call<C, String, Value>>,
    pub(crate) upgrade: Option<UpgradeState>,
}

/// A data source without its Rust type.
#[derive(Debug)]
pub(crate) struct DataSourceEntry<C> {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) read: Call<C, Value, Value>,
}

/// An ephemeral resource without its Rust type.
#[derive(Debug)]
pub(crate) struct EphemeralEntry<C> {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) open: Call<C, Value, Option<Opened<Value>>>,
    /// Without a value: private state is all that there is.
    pub(crate) renew: Option<Call<C, (), Option<SystemTime>>>,
    pub(crate) close: Option<Call<C, (), ()>>,
}

/// An ephemeral resource just offered, to say what more it can do.
#[derive(Debug)]
pub struct EphemeralOffer<'a, E, C> {
    entry: &'a mut EphemeralEntry<C>,
    ephemeral: PhantomData<fn() -> E>,
}

/// A function without its Rust type.
#[derive(Debug)]
pub(crate) struct FunctionEntry {
    pub(crate) signature: Signature,
    pub(crate) returns: Type,
    pub(crate) call: fn(Arguments) -> Result<Value, FunctionError>,
}

/// A resource just offered, to say what more it can do.
#[derive(Debug)]
pub struct ResourceOffer<'a, R, C> {
    entry: &'a mut ResourceEntry<C>,
    resource: PhantomData<fn() -> R>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self {
            prefix,
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral: BTreeMap::new(),
            functions: BTreeMap::new(),
        }
    }

    /// Offers a resource.
    pub fn resource<R: Resource<Client = C>>(&mut self) -> ResourceOffer<'_, R, C> {
        let schema = R::schema();
        let entry = ResourceEntry {
            ty: schema.block.ty(),
            schema,
            validate: |config| typed_validation::<R>(config, R::validate),
            create: create::<R>,
            read: read::<R>,
            update: update::<R>,
            delete: delete::<R>,
            plan: None,
            import: None,
            upgrade: None,
        };
        let name = format!("{}_{}", self.prefix, R::NAME);
        ResourceOffer {
            entry: self.resources.entry(name).insert_entry(entry).into_mut(),
            resource: PhantomData,
        }
    }

    /// Offers a data source.
    pub fn data_source<D: DataSource<Client = C>>(&mut self) {
        let schema = D::schema();
        let entry = DataSourceEntry {
            ty: schema.block.ty(),
            schema,
            validate: |config| typed_validation::<D>(config, D::validate),
            read: read_data_source::<D>,
        };
        self.data_sources
            .insert(format!("{}_{}", self.prefix, D::NAME), entry);
    }

    /// Offers an ephemeral resource.
    pub fn ephemeral_resource<E: EphemeralResource<Client = C>>(&mut self) -> EphemeralOffer<'_, E, C> {
        let schema = E::schema();
        let entry = EphemeralEntry {
            ty: schema.block.ty(),
            schema,
            validate: |config| typed_validation::<E>(config, E::validate),
            open: open::<E>,
            renew: None,
            close: None,
        };
        let name = format!("{}_{}", self.prefix, E::NAME);
        EphemeralOffer {
            entry: self.ephemeral.entry(name).insert_entry(entry).into_mut(),
            ephemeral: PhantomData,
        }
    }

    /// Offers a function.
    pub fn function<F: Function>(&mut self) {
        let entry = FunctionEntry {
            signature: F::signature(),
            returns: F::Return::ty(),
            call: |arguments| Ok(F::from_arguments(arguments)?.call()?.into_value()),
        };
        self.functions.insert(F::NAME.to_owned(), entry);
    }
}

#[expect(
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
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "the offer is made; the value only carries on"
)]
impl<C: Send + Sync + 'static, E: EphemeralResource<Client = C>> EphemeralOffer<'_, E, C> {
    /// It can be renewed.
    pub fn renew(self) -> Self
    where
        E: Renew,
    {
        self.entry.renew = Some(renew::<E>);
        self
    }

    /// It is given back when it is closed.
    pub fn close(self) -> Self
    where
        E: Close,
    {
        self.entry.close = Some(close::<E>);
        self
    }
}

fn typed_validation<M: Model>(config: Value, validate: fn(&M, &mut Diagnostics)) -> Diagnostics {
    match M::from_value(config) {
        Ok(config) => {
            let mut diagnostics = Diagnostics::default();
            validate(&config, &mut diagnostics);
            diagnostics
        }
        Err(error) => Diagnostic::from(error).into(),
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

fn read_data_source<D: DataSource>(
    mut context: Context<D::Client>,
    config: Value,
) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let result = match D::from_value(config) {
            Ok(config) => D::read(&mut context, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(found) => finished(context, found.into_value(), Diagnostics::default()),
            Err(diagnostics) => finished(context, Value::Null, diagnostics),
        }
    })
}

fn open<E: EphemeralResource>(
    mut context: Context<E::Client>,
    config: Value,
) -> BoxFuture<'static, Outcome<Option<Opened<Value>>>> {
    Box::pin(async move {
        let result = match E::from_value(config) {
            Ok(config) => E::open(&mut context, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(Opened { result, renew_at }) => {
                let opened = Opened {
                    result: result.into_value(),
                    renew_at,
                };
                finished(context, Some(opened), Diagnostics::default())
            }
            Err(diagnostics) => finished(context, None, diagnostics),
        }
    })
}

fn renew<E: Renew>(
    mut context: Context<E::Client>,
    (): (),
) -> BoxFuture<'static, Outcome<Option<SystemTime>>> {
    Box::pin(async move {
        match E::renew(&mut context).await {
            Ok(next) => finished(context, next, Diagnostics::default()),
            Err(diagnostics) => finished(context, None, diagnostics),
        }
    })
}

fn close<E: Close>(mut context: Context<E::Client>, (): ()) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let errors = E::close(&mut context).await.err().unwrap_or_default();
        finished(context, (), errors)
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

fn finished<T, C>(context: Context<C>, result: T, errors: Diagnostics) -> Outcome<T> {
    let mut diagnostics = context.diagnostics;
    diagnostics.append(errors);
    Outcome {
        result,
        private: context.private,
        diagnostics,
    }
}

/// Attribute paths that a plan names, without repetition.
pub(crate) fn distinct(paths: Vec<Path>) -> Vec<Path> {
    let mut seen = Vec::new();
    for path in paths {
        if !seen.contains(&path) {
            seen.push(path);
        }
    }
    seen
}
