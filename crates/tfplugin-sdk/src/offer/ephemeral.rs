//! Ephemeral resources.

use std::marker::PhantomData;
use std::time::SystemTime;

use futures::future::BoxFuture;

use super::{Call, Described, Offer, Outcome, add, finished, typed_validation};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ephemeral::{Close, EphemeralResource, Opened, Renew};
use crate::value::Value;

/// An ephemeral resource without its Rust type.
#[derive(Debug)]
pub(crate) struct EphemeralEntry<C> {
    pub(crate) schema: Described,
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

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers an ephemeral resource.
    pub fn ephemeral_resource<E: EphemeralResource<Client = C>>(&mut self) -> EphemeralOffer<'_, E, C> {
        let entry = EphemeralEntry {
            schema: Described::by(E::schema),
            validate: |config| typed_validation::<E>(config, E::validate),
            open: open::<E>,
            renew: None,
            close: None,
        };
        let name = format!("{}_{}", self.prefix, E::NAME);
        EphemeralOffer {
            entry: add(&mut self.ephemeral, &mut self.repeated, name, entry),
            ephemeral: PhantomData,
        }
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
