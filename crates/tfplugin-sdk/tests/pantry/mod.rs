//! A provider that spells everything in its own way.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use tfplugin_sdk::model::{
    Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Duration, Field, JsonString, Optional,
    OptionalComputed, Quantity, Required, Sensitive, Set, Text, usage,
};
use tfplugin_sdk::{
    Change, Context, DataSource, Diagnostics, EphemeralResource, Failure, Object, Offer, Opened, Plan,
    Planned, Provider, Resource,
};

/// Keeps things.
#[derive(Clone, Provider)]
#[provider(name = "pantry")]
pub(crate) struct Pantry {}

impl Provider for Pantry {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.resource::<Jar>().plan();
        offer.resource::<Tin>();
        offer.data_source::<Label>();
        offer.ephemeral_resource::<Lid>();
    }
}

/// A jar.
#[derive(Clone, Debug, Resource)]
#[resource(name = "jar")]
struct Jar {
    /// How much is in it.
    size: Required<Quantity>,
    /// How much more goes in.
    #[attr(default = Quantity::parse("1000m").unwrap())]
    space: OptionalComputed<Quantity>,
    /// What is written on it.
    label: Optional<JsonString>,
    /// How long it keeps.
    time: Optional<Duration>,
    /// What opens it.
    secret: Optional<Sensitive<JsonString>>,
    /// How much of each, in order.
    layers: Optional<Vec<Quantity>>,
    /// How much of each, by name.
    parts: Optional<BTreeMap<String, Quantity>>,
    /// How much of each, in no order.
    mix: Optional<Set<Quantity>>,
    /// What is in it.
    fruit: Optional<Fruit>,
    /// What is in it, in order.
    fruits: Optional<Vec<Fruit>>,
    /// What is in it, by name.
    named: Optional<BTreeMap<String, Fruit>>,
    /// What is in it, in no order.
    mixed: Optional<Set<Fruit>>,
    /// What is on it.
    top: Block<Fruit>,
    /// What is on it, in order.
    on: BlockList<Fruit>,
    /// What is on it, in no order.
    about: BlockSet<Fruit>,
    /// What is on it, by name.
    at: BlockMap<Fruit>,
    /// What is around it.
    shelf: BlockGroup<Shelf>,
    /// How often it was opened.
    opened: Computed<i64>,
}

/// A fruit.
#[derive(Clone, Debug, Object)]
struct Fruit {
    /// How much.
    size: Required<Quantity>,
    /// Its number.
    #[attr(keep)]
    id: Computed<i64>,
}

/// A shelf.
#[derive(Clone, Debug, Object)]
struct Shelf {
    /// How much it bears.
    size: Optional<Quantity>,
}

/// A tin, whose provider plans nothing.
#[derive(Clone, Debug, Resource)]
#[resource(name = "tin")]
struct Tin {
    /// How much is in it.
    #[attr(replace)]
    size: Required<Quantity>,
    /// How often it was opened.
    opened: Computed<i64>,
}

/// What a provider makes of a quantity: a plain number.
fn plain<U: Clone>(size: &Field<Quantity, U>) -> Field<Quantity, U> {
    match size.get() {
        Some(size) => known(size).into(),
        None => size.clone(),
    }
}

fn known(size: &Quantity) -> Quantity {
    Quantity::parse(&size.number().to_string()).unwrap()
}

fn respell(fruit: &mut Fruit) {
    fruit.size = plain(&fruit.size);
    if fruit.id.is_unknown() {
        fruit.id = 7.into();
    }
}

impl Jar {
    /// As this provider would write it.
    fn respell(&mut self) {
        (self.size, self.space) = (plain(&self.size), plain(&self.space));
        let compact = |json: &JsonString| JsonString::new(&json.read().unwrap());
        if let Some(label) = self.label.get() {
            self.label = compact(label).into();
        }
        if let Some(time) = self.time.get() {
            self.time = Duration::parse(&format!("{}ms", time.length().as_millis()))
                .unwrap()
                .into();
        }
        if let Some(secret) = self.secret.get() {
            self.secret = Sensitive::new(compact(secret.expose())).into();
        }
        if let Some(layers) = self.layers.get() {
            self.layers = layers.iter().map(known).collect::<Vec<_>>().into();
        }
        if let Some(parts) = self.parts.get() {
            let parts = parts.iter().map(|(name, size)| (name.clone(), known(size)));
            self.parts = parts.collect::<BTreeMap<_, _>>().into();
        }
        if let Some(mix) = self.mix.get() {
            self.mix = mix.0.iter().rev().map(known).collect::<Set<_>>().into();
        }
        let several = |fruits: &mut Vec<Fruit>| fruits.iter_mut().for_each(respell);
        each(&mut self.fruit, respell);
        each(&mut self.fruits, |fruits| several(fruits));
        each(&mut self.named, |fruits| fruits.values_mut().for_each(respell));
        each(&mut self.mixed, |fruits| {
            fruits.0.reverse();
            several(&mut fruits.0);
        });
        self.top.0.iter_mut().for_each(respell);
        several(&mut self.on.0);
        self.about.0.reverse();
        several(&mut self.about.0);
        self.at.0.values_mut().for_each(respell);
        self.shelf.0.size = plain(&self.shelf.0.size);
    }
}

fn each<T: Clone>(field: &mut Field<T, usage::Optional>, change: impl FnOnce(&mut T)) {
    if let Some(mut value) = field.get().cloned() {
        change(&mut value);
        *field = value.into();
    }
}

impl Resource for Jar {
    type Client = ();

    async fn create(_: &mut Context<()>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        planned.respell();
        planned.opened = 0.into();
        Ok(planned)
    }

    async fn read(_: &mut Context<()>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        state.respell();
        // A jar of this size is one that something was added to behind Terraform's back.
        if state.size.get() == Quantity::parse("13").as_ref() {
            each(&mut state.layers, |layers| {
                layers[1] = Quantity::parse("5").unwrap();
            });
        }
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<()>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Plan for Jar {
    async fn plan(_: &mut Context<()>, mut change: Change<Self>) -> Result<Planned<Self>, Diagnostics> {
        let opened = change.proposed.opened.clone();
        let ids = change.proposed.fruit.get().map(|fruit| fruit.id.clone());
        change.proposed.respell();
        // What is not known yet stays so.
        change.proposed.opened = opened;
        each(&mut change.proposed.fruit, |fruit| {
            fruit.id = ids.unwrap_or_default();
        });
        Ok(change.proposed.into())
    }
}

impl Resource for Tin {
    type Client = ();

    async fn create(_: &mut Context<()>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        (planned.size, planned.opened) = (plain(&planned.size), 0.into());
        Ok(planned)
    }

    async fn read(_: &mut Context<()>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        state.size = plain(&state.size);
        Ok(Some(state))
    }

    async fn update(_: &mut Context<()>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

/// What is written on something.
#[derive(Clone, DataSource)]
#[data_source(name = "label")]
struct Label {
    /// How much.
    size: Required<Quantity>,
}

impl DataSource for Label {
    type Client = ();

    async fn read(_: &mut Context<()>, mut config: Self) -> Result<Self, Diagnostics> {
        config.size = plain(&config.size);
        Ok(config)
    }
}

/// A lid for a while.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "lid")]
struct Lid {
    /// How much.
    size: Required<Quantity>,
}

impl EphemeralResource for Lid {
    type Client = ();

    async fn open(_: &mut Context<()>, mut config: Self) -> Result<Opened<Self>, Diagnostics> {
        config.size = plain(&config.size);
        Ok(config.into())
    }
}
