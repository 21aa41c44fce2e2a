//! A provider with everything that the SDK offers: a shop whose items live in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tfplugin_sdk::model::{
    Block, BlockList, Computed, Dynamic, Optional, OptionalComputed, Required, Sensitive, WriteOnly,
};
use tfplugin_sdk::{
    Change, Context, DataSource, Diagnostic, Diagnostics, Failure, Import, Object, Offer, Plan, Planned,
    Provider, Resource, Upgrade, validators,
};

/// Sells things.
#[derive(Clone, Provider)]
#[provider(name = "shop")]
pub(crate) struct Shop {
    /// What is in stock from the beginning.
    stock: Optional<Vec<String>>,
}

/// What the shop has, by name.
#[derive(Debug)]
pub(crate) struct Shelf {
    items: Mutex<BTreeMap<String, Item>>,
}

impl Shelf {
    fn items(&self) -> MutexGuard<'_, BTreeMap<String, Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Shop {
    type Client = Shelf;

    async fn configure(self) -> Result<Shelf, Diagnostics> {
        let stock = self.stock.into_option().unwrap_or_default();
        let items = stock.iter().map(|name| (name.clone(), Item::named(name)));
        Ok(Shelf {
            items: Mutex::new(items.collect()),
        })
    }

    fn offer(offer: &mut Offer<Shelf>) {
        offer.resource::<Item>().plan().import().upgrade();
        offer.data_source::<Count>();
    }
}

/// Something to sell.
#[derive(Clone, Debug, Resource)]
#[resource(name = "item", version = 1)]
pub(crate) struct Item {
    /// What it is called. Changing it makes a new item.
    #[attr(replace)]
    name: Required<String>,
    /// What to know about it.
    #[attr(validate = validators::length(1, 20))]
    note: Optional<String>,
    /// How many there are.
    #[attr(default = 1_i64)]
    amount: OptionalComputed<i64>,
    /// Where it lies.
    shelf: OptionalComputed<String>,
    /// Its number, which stays.
    #[attr(keep)]
    id: Computed<String>,
    /// How often it was changed.
    revision: Computed<i64>,
    /// What the plan left for the apply.
    plan: Computed<String>,
    /// Under what it is found.
    tags: Optional<BTreeSet<String>>,
    /// What is written on it.
    labels: Optional<BTreeMap<String, String>>,
    /// What opens the till.
    token: Optional<Sensitive<String>>,
    /// What opens the safe.
    password: WriteOnly<Sensitive<String>>,
    /// How long what opens the safe is.
    password_length: Computed<i64>,
    /// Anything else.
    spec: Optional<Dynamic>,
    /// Whose it is.
    owner: Optional<Person>,
    /// Whose it was.
    owners: Optional<Vec<Person>>,
    /// Who may buy it.
    buyers: Optional<BTreeMap<String, Person>>,
    /// The rule that counts.
    limit: Block<Rule>,
    /// The rules that do not.
    rule: BlockList<Rule>,
}

/// A person.
#[derive(Clone, Debug, Object)]
pub(crate) struct Person {
    /// What the person is called.
    name: Required<String>,
    /// How the shop calls the person.
    handle: Computed<String>,
}

/// A rule.
#[derive(Clone, Debug, Object)]
pub(crate) struct Rule {
    /// How many one may buy.
    most: Optional<i64>,
    /// How many one may still buy.
    left: Computed<i64>,
}

impl Item {
    fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            note: None.into(),
            amount: 1.into(),
            shelf: "store".into(),
            id: format!("id-of-{name}").into(),
            revision: 0.into(),
            plan: "none".into(),
            tags: None.into(),
            labels: None.into(),
            token: None.into(),
            password: None.into(),
            password_length: 0.into(),
            spec: None.into(),
            owner: None.into(),
            owners: None.into(),
            buyers: None.into(),
            limit: Block(None),
            rule: BlockList(Vec::new()),
        }
    }

    fn key(&self) -> String {
        self.name.get().cloned().unwrap_or_default()
    }

    /// Fills in what the plan left unknown.
    fn complete(&mut self, context: &Context<Shelf>, config: &Self, revision: i64) {
        self.id = format!("id-of-{}", self.key()).into();
        self.revision = revision.into();
        self.plan = context.private.text("plan").unwrap_or("lost").into();
        if self.shelf.is_unknown() {
            self.shelf = "front".into();
        }
        let password = config.password.get();
        let length = password.map_or(0, |password| password.expose().len());
        self.password_length = i64::try_from(length).unwrap_or_default().into();
        let rules = self.limit.0.iter_mut().chain(&mut self.rule.0);
        for rule in rules {
            rule.left = rule.most.get().copied().unwrap_or_default().into();
        }
        let greet = |person: &mut Person| {
            person.handle = format!("@{}", person.name.get().cloned().unwrap_or_default()).into();
        };
        self.owner = self
            .owner
            .clone()
            .into_option()
            .map(|mut person| {
                greet(&mut person);
                person
            })
            .into();
        self.owners = self
            .owners
            .clone()
            .into_option()
            .map(|mut people| {
                people.iter_mut().for_each(greet);
                people
            })
            .into();
        self.buyers = self
            .buyers
            .clone()
            .into_option()
            .map(|mut people| {
                people.values_mut().for_each(greet);
                people
            })
            .into();
    }
}

impl Resource for Item {
    type Client = Shelf;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        if config.note.get().is_some_and(|note| note == "odd") {
            diagnostics.push(Diagnostic::warning("An odd note", "It is accepted.").at("note"));
        }
    }

    async fn create(
        context: &mut Context<Shelf>,
        mut planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        planned.complete(context, &config, 0);
        context.client().items().insert(planned.key(), planned.clone());
        if planned.note.get().is_some_and(|note| note == "fragile") {
            return Err(Failure::with_state(
                Diagnostic::error("It broke", "The item is on the shelf."),
                planned,
            ));
        }
        Ok(planned)
    }

    async fn read(context: &mut Context<Shelf>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(context.client().items().get(&state.key()).cloned())
    }

    async fn update(
        context: &mut Context<Shelf>,
        prior: Self,
        mut planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        let revision = prior.revision.get().copied().unwrap_or_default();
        planned.complete(context, &config, revision + 1);
        context.client().items().insert(planned.key(), planned.clone());
        Ok(planned)
    }

    async fn delete(context: &mut Context<Shelf>, state: Self) -> Result<(), Failure<Self>> {
        context.client().items().remove(&state.key());
        Ok(())
    }
}

impl Plan for Item {
    async fn plan(context: &mut Context<Shelf>, change: Change<Self>) -> Result<Planned<Self>, Diagnostics> {
        let amount = change.proposed.amount.get().copied().unwrap_or_default();
        if amount > 99 {
            let warning = Diagnostic::warning("That is much", "The shelf may bend.");
            context.warn(warning.at("amount"));
        }
        context.private.set(
            "plan",
            if change.prior.is_some() {
                "update"
            } else {
                "create"
            },
        );
        Ok(change.proposed.into())
    }
}

impl Import for Item {
    async fn import(_: &mut Context<Shelf>, id: &str) -> Result<Self, Diagnostics> {
        match id.strip_prefix("id-of-") {
            Some(name) => Ok(Self::named(name)),
            None => {
                Err(Diagnostic::error("Not an id", format!("{id:?} does not begin with `id-of-`.")).into())
            }
        }
    }
}

impl Upgrade for Item {
    fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        // Version 0 called it a title.
        state["name"] = state["title"].take();
        Ok(state)
    }
}

/// How much there is in the shop.
#[derive(Clone, DataSource)]
#[data_source(name = "count")]
pub(crate) struct Count {
    /// With what the names begin that are counted.
    prefix: Optional<String>,
    /// How many there are.
    items: Computed<i64>,
}

impl DataSource for Count {
    type Client = Shelf;

    async fn read(context: &mut Context<Shelf>, mut config: Self) -> Result<Self, Diagnostics> {
        let prefix = config.prefix.get().cloned().unwrap_or_default();
        let count = context
            .client()
            .items()
            .keys()
            .filter(|name| name.starts_with(&prefix))
            .count();
        config.items = i64::try_from(count).unwrap_or_default().into();
        Ok(config)
    }
}
