//! A small provider that has one of everything a page can show.

use std::collections::{BTreeMap, BTreeSet};

use crate::function::{FunctionError, Variadic};
use crate::model::{
    Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Dynamic, Optional, OptionalComputed,
    Quantity, Required, Sensitive, Set, Timeouts, WriteOnly,
};
use crate::{
    Action, Context, DataSource, Diagnostics, EphemeralResource, Failure, Function, Identify, Identity,
    Import, ListResource, Listing, Object, Offer, Opened, Progress, Provider, Resource, StateStore,
    validators,
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
        offer.resource::<Tree>().import().identify();
        offer.list_resource::<Trees>();
        offer.ephemeral_resource::<Gate>();
        offer.action::<Prune>();
        offer.state_store::<Shed>();
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

/// Cuts branches off.
#[derive(Clone, Action)]
#[action(name = "prune")]
struct Prune {
    /// Which tree.
    tree: Required<String>,
    /// What opens the gate, where it is locked.
    code: WriteOnly<Sensitive<String>>,
    /// What is cut.
    cut: BlockList<Cut>,
}

/// A cut.
#[derive(Clone, Debug, PartialEq, Object)]
struct Cut {
    /// How high, in metres.
    height: Required<i64>,
}

impl Action for Prune {
    type Client = ();

    async fn invoke(_: &mut Context<()>, _: Self, _: &Progress) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// A shed, in which states are kept dry.
#[derive(Clone, StateStore)]
#[state_store(name = "shed")]
struct Shed {
    /// Where it stands.
    place: Required<String>,
}

impl StateStore for Shed {
    type Client = ();
    type Store = ();

    async fn open(_: &mut Context<()>, _: Self) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn read(_: &mut Context<()>, _: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
        Ok(None)
    }

    async fn write(_: &mut Context<()>, _: &str, _: Vec<u8>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn list(_: &mut Context<()>) -> Result<Vec<String>, Diagnostics> {
        Ok(Vec::new())
    }

    async fn delete(_: &mut Context<()>, _: &str) -> Result<(), Diagnostics> {
        Ok(())
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
    #[attr(version = "carving_version")]
    carving: WriteOnly<Sensitive<String>>,
    /// Which carving.
    carving_version: Optional<i64>,
    /// How much it may drink a day.
    #[attr(conflicts_with = "rain", validate = validators::each(validators::one_of(&["dew", "rain"])))]
    drinks: Optional<Vec<String>>,
    /// How much it drinks at least.
    water: Optional<Quantity>,
    /// How much rain it needs.
    #[attr(replace_if = dries, required_with = "water", validate = validators::range(1_i64..))]
    rain: Optional<i64>,
    /// What it is called.
    #[attr(default_with = Tree::name)]
    name: OptionalComputed<String>,
    /// Who visits it.
    guests: Optional<Set<Leaf>>,
    /// Notes of any form.
    notes: Optional<Dynamic>,
    /// Whether it stands.
    standing: Computed<bool>,
    /// Names of the nests.
    nests: Computed<BTreeSet<String>>,
    /// Stakes that hold it.
    #[attr(min_items = 1, max_items = 3)]
    stake: BlockList<Stake>,
    /// What climbs it.
    #[attr(deprecated = "Nothing does.")]
    vine: BlockSet<Stake>,
    /// What hangs in it, by branch.
    swing: BlockMap<Stake>,
    /// What is around it.
    fence: BlockGroup<Fence>,
    /// Where it stands.
    #[attr(required)]
    place: Block<Stake>,
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

/// A fence.
#[derive(Clone, Debug, PartialEq, Object)]
#[attr(exactly_one_of("wood", "wire"))]
pub(super) struct Fence {
    /// Which wood.
    wood: Optional<String>,
    /// Which wire.
    wire: Optional<String>,
}

fn dries(prior: &Optional<i64>, planned: &Optional<i64>) -> bool {
    planned.get() < prior.get()
}

impl Tree {
    fn name(&self) -> OptionalComputed<String> {
        self.species.get().cloned().into()
    }
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

/// What tells trees apart.
#[derive(Clone, Identity)]
pub(super) struct TreeIdentity {
    /// What kind of tree.
    species: Required<String>,
    /// How tall it should become, in metres.
    height: Optional<i64>,
}

impl Identify for Tree {
    type Identity = TreeIdentity;
}

/// Finds trees, planted or not.
#[derive(Clone, ListResource)]
struct Trees {
    /// What kind of tree.
    species: Optional<String>,
}

impl ListResource for Trees {
    type Resource = Tree;

    async fn list(_: &mut Context<()>, _: Self, _: &Listing<Tree>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// The season that it is.
#[derive(Clone, DataSource)]
#[data_source(name = "season", deprecated = "Look out of the window.")]
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
