//! List resources.

use futures::future::BoxFuture;
use tokio::sync::mpsc;

use super::{Call, Described, Offer, Outcome, add, finished};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::list::{Found, ListResource, Listing};
use crate::model::{Attributes, Model};
use crate::resource::Resource;
use crate::schema::Schema;
use crate::value::Value;

/// A query, and where what it finds goes.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) config: Value,
    pub(crate) limit: usize,
    pub(crate) with_resource: bool,
    pub(crate) found: mpsc::Sender<Found>,
}

/// A list resource without its Rust type.
#[derive(Debug)]
pub(crate) struct ListEntry<C> {
    pub(crate) schema: Described,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) list: Call<C, Query, ()>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers a query for the things of a resource.
    pub fn list_resource<L>(&mut self)
    where
        L: ListResource,
        L::Resource: Resource<Client = C>,
    {
        let entry = ListEntry {
            schema: Described::by(|| Schema {
                version: 0,
                block: L::block(),
            }),
            validate: validate::<L>,
            list: list::<L>,
        };
        let name = format!("{}_{}", self.prefix, <L::Resource as Model>::NAME);
        add(&mut self.lists, &mut self.repeated, name, entry);
    }
}

fn validate<L: ListResource>(config: Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    match Attributes::of(config).and_then(L::from_attributes) {
        Ok(config) => L::validate(&config, &mut diagnostics),
        Err(error) => diagnostics.push(error.into()),
    }
    diagnostics
}

fn list<L: ListResource>(
    mut context: Context<<L::Resource as Resource>::Client>,
    query: Query,
) -> BoxFuture<'static, Outcome<()>> {
    Box::pin(async move {
        let cancellation = context.cancellation().clone();
        let listing = Listing::new(query.found, cancellation, query.limit, query.with_resource);
        let result = match Attributes::of(query.config).and_then(L::from_attributes) {
            Ok(config) => L::list(&mut context, config, &listing).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        finished(context, (), result.err().unwrap_or_default())
    })
}
