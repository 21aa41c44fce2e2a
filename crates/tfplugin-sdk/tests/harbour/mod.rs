//! A provider with every kind of attribute and block: a harbour whose ships live in state alone.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use tfplugin_sdk::model::{
    Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Optional, OptionalComputed, Required, Set,
};
use tfplugin_sdk::{Context, Diagnostics, Failure, Object, Offer, Provider, Resource};

/// Holds ships.
#[derive(Clone, Provider)]
#[provider(name = "harbour")]
pub(crate) struct Harbour {}

impl Provider for Harbour {
    /// Counts, so that every number is new.
    type Client = AtomicI64;

    async fn configure(self) -> Result<AtomicI64, Diagnostics> {
        Ok(AtomicI64::new(0))
    }

    fn offer(offer: &mut Offer<AtomicI64>) {
        offer.resource::<Ship>();
    }
}

/// A ship.
#[derive(Clone, Debug, Resource)]
#[resource(name = "ship")]
pub(crate) struct Ship {
    /// What it is called.
    name: Required<String>,
    /// What is painted on it.
    #[attr(default_with = Ship::sign)]
    sign: OptionalComputed<String>,
    /// How many it carries. Fewer need another ship.
    #[attr(replace_if = shrinks)]
    places: Optional<i64>,
    /// How many know it.
    #[attr(replace)]
    calls: OptionalComputed<i64>,
    /// Where it goes.
    #[attr(default = BTreeSet::from(["home".to_owned()]))]
    ports: OptionalComputed<BTreeSet<String>>,
    /// Where it is, and whether it is moored there.
    place: Optional<(String, bool)>,
    /// Who works on it.
    crew: Optional<Set<Sailor>>,
    /// How it is driven.
    engine: Optional<Engine>,
    /// What it carries.
    hold: Optional<Vec<Engine>>,
    /// What it has been through.
    log: Computed<Set<Sailor>>,
    /// Who may come on board.
    #[attr(max_items = 3)]
    guest: BlockSet<Sailor>,
    /// What lies on deck, by place.
    deck: BlockMap<Engine>,
    /// What pulls it.
    #[attr(min_items = 1)]
    tug: BlockList<Engine>,
    /// What it is insured for.
    policy: BlockGroup<Policy>,
    /// Where it is registered.
    #[attr(required)]
    flag: Block<Flag>,
}

/// A sailor.
#[derive(Clone, Debug, Object)]
pub(crate) struct Sailor {
    /// What the sailor is called.
    name: Required<String>,
    /// What the sailor does.
    #[attr(default = "deckhand".to_owned())]
    rank: OptionalComputed<String>,
    /// The sailor's number.
    #[attr(keep)]
    id: Computed<i64>,
    /// When the sailor was last seen.
    seen: Computed<i64>,
    /// Where the sailor was. Core takes no element of a set for the one before in which there is such a value.
    been: Computed<BTreeSet<String>>,
}

/// An engine.
#[derive(Clone, Debug, Object)]
pub(crate) struct Engine {
    /// Who built it. Another one needs another ship.
    #[attr(replace)]
    maker: Required<String>,
    /// How strong it is.
    #[attr(default_with = Engine::strength)]
    power: OptionalComputed<String>,
    /// Its number.
    #[attr(keep)]
    id: Computed<i64>,
    /// When it was last seen.
    seen: Computed<i64>,
}

/// An insurance.
#[derive(Clone, Debug, Object)]
pub(crate) struct Policy {
    /// How much is paid.
    #[attr(default = 100_i64)]
    sum: OptionalComputed<i64>,
    /// Its number.
    #[attr(keep)]
    id: Computed<i64>,
}

/// A flag.
#[derive(Clone, Debug, Object)]
pub(crate) struct Flag {
    /// Of which state.
    #[attr(replace)]
    state: Required<String>,
}

fn shrinks(prior: &Optional<i64>, planned: &Optional<i64>) -> bool {
    !planned.is_unknown() && planned.get() < prior.get()
}

impl Ship {
    fn sign(&self) -> OptionalComputed<String> {
        if self.name.is_unknown() {
            return OptionalComputed::unknown();
        }
        self.name.get().map(|name| format!("MS {name}")).into()
    }

    fn complete(&mut self, context: &Context<AtomicI64>) {
        let next = || context.client().fetch_add(1, Ordering::Relaxed);
        let number = |id: &mut Computed<i64>| {
            if id.get().is_none() {
                *id = next().into();
            }
        };
        let sailor = |sailor: &mut Sailor| {
            number(&mut sailor.id);
            sailor.seen = next().into();
            sailor.been = BTreeSet::from(["sea".to_owned()]).into();
        };
        let engine = |engine: &mut Engine| {
            number(&mut engine.id);
            engine.seen = next().into();
        };
        if self.calls.is_unknown() {
            self.calls = 7.into();
        }
        if self.log.is_unknown() {
            self.log = None.into();
        }
        self.crew = self
            .crew
            .clone()
            .into_option()
            .map(|mut crew| {
                crew.0.iter_mut().for_each(sailor);
                crew
            })
            .into();
        self.engine = self
            .engine
            .clone()
            .into_option()
            .map(|mut one| {
                engine(&mut one);
                one
            })
            .into();
        self.hold = self
            .hold
            .clone()
            .into_option()
            .map(|mut hold| {
                hold.iter_mut().for_each(engine);
                hold
            })
            .into();
        self.guest.0.iter_mut().for_each(sailor);
        self.deck.0.values_mut().for_each(engine);
        self.tug.0.iter_mut().for_each(engine);
        number(&mut self.policy.0.id);
    }
}

impl Engine {
    fn strength(&self) -> OptionalComputed<String> {
        if self.maker.is_unknown() {
            return OptionalComputed::unknown();
        }
        self.maker.get().map(|maker| format!("as {maker} has it")).into()
    }
}

impl Resource for Ship {
    type Client = AtomicI64;

    async fn create(
        context: &mut Context<AtomicI64>,
        mut planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        planned.complete(context);
        Ok(planned)
    }

    async fn read(_: &mut Context<AtomicI64>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<AtomicI64>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<AtomicI64>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}
