//! The list of what a provider offers, and the bridge from typed authors to untyped values.

mod action;
mod data_source;
mod described;
mod ephemeral;
mod function;
mod identity;
mod list;
mod resource;
mod state_store;

use std::collections::BTreeMap;

use futures::future::BoxFuture;

pub(crate) use self::action::ActionEntry;
pub use self::action::ActionOffer;
pub(crate) use self::data_source::DataSourceEntry;
pub(crate) use self::described::Described;
pub(crate) use self::ephemeral::EphemeralEntry;
pub use self::ephemeral::EphemeralOffer;
pub(crate) use self::function::FunctionEntry;
pub(crate) use self::identity::IdentityEntry;
pub(crate) use self::list::{ListEntry, Query};
pub use self::resource::ResourceOffer;
pub(crate) use self::resource::{ResourceEntry, UpgradeState};
pub use self::state_store::StateStoreOffer;
pub(crate) use self::state_store::{OpenStore, StateStoreEntry};
use crate::context::Context;
use crate::deferral::Deferral;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Members, Model};
use crate::path::Path;
use crate::private::Private;
use crate::schema::Schema;
use crate::value::Value;

/// Everything that a provider offers.
#[derive(Debug)]
pub struct Offer<C> {
    prefix: &'static str,
    /// What modules may say to the provider.
    pub(crate) meta: Option<Schema>,
    pub(crate) resources: BTreeMap<String, ResourceEntry<C>>,
    pub(crate) data_sources: BTreeMap<String, DataSourceEntry<C>>,
    pub(crate) ephemeral: BTreeMap<String, EphemeralEntry<C>>,
    pub(crate) functions: BTreeMap<String, FunctionEntry>,
    pub(crate) lists: BTreeMap<String, ListEntry<C>>,
    pub(crate) actions: BTreeMap<String, ActionEntry<C>>,
    pub(crate) state_stores: BTreeMap<String, StateStoreEntry<C>>,
    /// Names under which something was offered once more.
    pub(crate) repeated: Vec<String>,
}

/// What an author's call came to.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    pub(crate) result: T,
    pub(crate) private: Private,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) deferral: Option<Deferral>,
}

type Call<C, In, Out> = fn(Context<C>, In) -> BoxFuture<'static, Outcome<Out>>;

impl<C: Send + Sync + 'static> Offer<C> {
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self {
            prefix,
            meta: None,
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral: BTreeMap::new(),
            functions: BTreeMap::new(),
            lists: BTreeMap::new(),
            actions: BTreeMap::new(),
            state_stores: BTreeMap::new(),
            repeated: Vec::new(),
        }
    }
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Lets modules say something to the provider in a `provider_meta` block, for example who published them. Calls for
    /// resources and data sources find it in [`Context::provider_meta`].
    pub fn provider_meta<M: Members>(&mut self) {
        self.meta = Some(Schema {
            version: 0,
            block: M::block(),
        });
    }
}

/// Adds an entry under a name, and says in `repeated` that it was taken: Terraform would see only the last one.
fn add<'a, E>(
    entries: &'a mut BTreeMap<String, E>,
    repeated: &mut Vec<String>,
    name: String,
    entry: E,
) -> &'a mut E {
    if entries.contains_key(&name) {
        repeated.push(name.clone());
    }
    entries.entry(name).insert_entry(entry).into_mut()
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

fn finished<T, C>(context: Context<C>, result: T, errors: Diagnostics) -> Outcome<T> {
    let mut diagnostics = context.diagnostics;
    diagnostics.append(errors);
    Outcome {
        result,
        private: context.private,
        diagnostics,
        deferral: context.deferral,
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
