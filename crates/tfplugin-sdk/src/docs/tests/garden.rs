//! A small provider that has one of everything a page can show.

use std::collections::{BTreeMap, BTreeSet};

use crate::function::{FunctionError, Variadic};
use crate::model::{
    Block, BlockList, Computed, Dynamic, Optional, OptionalComputed, Required, Sensitive, Timeouts, WriteOnly,
};
use crate::{
    Context, DataSource, Diagnostics, EphemeralResource, Failure, Function, Import, Object, Offer, Opened,
    Provider, Resource, validators,
};

/// Plants things, as `garden` commands do, in [beds](https://example.com/beds). It waters them, too.
#[derive(Clone, Provider)]
#[provider(name = "garden")]
pub(super) struct Garden {
    /// Who does the work.
    gardener: Optional<String>,
    /// Opens the shed.
    key: Optional<Sensitive<String>>,
}

impl Provider for Garden {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.data_source::<Season>();
        offer.resource::<Tree>().import();
        offer.ephemeral_resource::<Gate>();
        offer.function::<Water>();
    }
}

/// A gate that is open while somebody works.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "gate")]
struct Gate {
    /// Which one.
    name: Required<String>,
    /// What opens it.
    code: Computed<Sensitive<String>>,
}

impl EphemeralResource for Gate {
    type Client = ();

    async fn open(_: &mut Context<()>, config: Self) -> Result<Opened<Self>, Diagnostics> {
        Ok(config.into())
    }
}

/// Says how much water plants need. Old trees need little.
#[derive(Function)]
#[function(name = "water", deprecated = "Look at the sky.")]
struct Water {
    /// The season; null means this one.
    season: Option<String>,
    /// Litres that
    /// each plant takes.
    litres: Variadic<i64>,
}

impl Function for Water {
    type Return = i64;

    fn call(self) -> Result<i64, FunctionError> {
        let rests = self.season.as_deref() == Some("winter");
        Ok(if rests { 0 } else { self.litres.0.iter().sum() })
    }
}

/// A tree.
///
/// It grows for years:
///
/// - slowly at first,
/// - then faster.
#[derive(Clone, Resource)]
#[resource(name = "tree")]
pub(super) struct Tree {
    /// What kind of tree.
    #[attr(replace, validate = validators::one_of(&["lime", "oak"]))]
    species: Required<String>,
    /// How tall it should become, in metres.
    #[attr(default = 12)]
    height: OptionalComputed<i64>,
    /// What grows out of it.
    branches: Optional<Vec<Branch>>,
    /// Birds by name. Either
    ///
    /// - a species, or
    /// - nothing.
    #[attr(validate = validators::length(1, 9))]
    birds: Optional<BTreeMap<String, String>>,
    /// Its weight.
    #[attr(deprecated = "Use `height`.")]
    weight: Optional<i64>,
    /// What is carved into it.
    carving: WriteOnly<Sensitive<String>>,
    /// Notes of any form.
    notes: Optional<Dynamic>,
    /// Whether it stands.
    standing: Computed<bool>,
    /// Names of the nests.
    nests: Computed<BTreeSet<String>>,
    /// Stakes that hold it.
    stake: BlockList<Stake>,
    /// How long it may take. The default is `10m` each.
    timeouts: Block<Timeouts>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Object)]
pub(super) struct Branch {
    /// In metres.
    length: Required<i64>,
    /// Leaves by place.
    leaves: Optional<BTreeMap<String, Leaf>>,
}

/// A leaf.
#[derive(Clone, Debug, PartialEq, Object)]
pub(super) struct Leaf {
    /// Whether it is green.
    green: Computed<bool>,
}

/// A stake.
#[derive(Clone, Debug, PartialEq, Object)]
pub(super) struct Stake {
    /// Its material.
    #[attr(validate = validators::length(1, usize::MAX))]
    material: Required<String>,
}

impl Resource for Tree {
    type Client = ();

    async fn create(_: &mut Context<()>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn read(_: &mut Context<()>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(_: &mut Context<()>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Import for Tree {
    async fn import(_: &mut Context<()>, _: &str) -> Result<Self, Diagnostics> {
        Err(Diagnostics::default())
    }
}

/// The season that it is.
#[derive(Clone, DataSource)]
#[data_source(name = "season")]
pub(super) struct Season {
    /// Its name.
    name: Computed<String>,
}

impl DataSource for Season {
    type Client = ();

    async fn read(_: &mut Context<()>, config: Self) -> Result<Self, Diagnostics> {
        Ok(config)
    }
}
