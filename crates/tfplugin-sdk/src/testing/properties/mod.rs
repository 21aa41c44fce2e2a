//! Random configurations of a resource, each led through a resource's whole life.

mod case;
mod counterexample;
mod life;
mod options;
mod places;
mod search;
mod strategy;

use std::fmt;

use futures::future::BoxFuture;
use proptest::strategy::Strategy;
use serde_json::Value as Json;

pub use self::counterexample::{Counterexample, Stage};
use self::options::{ById, Options};
use self::search::Search;
pub(super) use self::strategy::join;
use super::{Client, Error, InProcess, Result};
use crate::model::Model;
use crate::offer::Offer;
use crate::provider::Provider;
use crate::schema::{Block, Schema};

/// Starts a provider, and says what it does.
type Start = Box<dyn Fn() -> BoxFuture<'static, Result<Client>>>;

/// What must hold for a resource with any configuration: see [`properties`].
#[must_use]
pub struct Properties {
    type_name: String,
    start: Start,
    /// Whether every case has a provider of its own, which is to be configured.
    fresh: bool,
    /// The author's own schema, which says more than the wire.
    schema: Option<Schema>,
    /// What is wrong with the test.
    problem: Option<Error>,
    options: Options,
}

/// Random configurations of a resource of the provider `P`, of which each must make a resource that does what all must.
///
/// A case is planned, now and then with parts of it unknown, created, read, planned again, imported, changed to another
/// configuration, and destroyed. Nothing may change by being read, every second plan must be empty, an import must find
/// what is stored, and after the destruction there must be nothing left. Core's rules are asserted all the way.
///
/// The schema makes the configurations: every type and nesting, what is required and what is not, how often blocks stand,
/// and what validators and rules between attributes say. What the provider's validation refuses is left out. Where texts
/// have a form that the schema does not know, the test says it:
///
/// ```
/// # use std::{collections::BTreeMap, sync::Mutex};
/// # use tfplugin_sdk::model::{Computed, Optional, Required};
/// # use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Import, Offer, Provider, Resource};
/// # /// Greets.
/// # #[derive(Clone, Provider)]
/// # #[provider(name = "greeting")]
/// # struct Greeting {}
/// # impl Provider for Greeting {
/// #     type Client = Mutex<BTreeMap<String, Card>>;
/// #     async fn configure(self) -> Result<Self::Client, Diagnostics> { Ok(Mutex::default()) }
/// #     fn offer(offer: &mut Offer<Self::Client>) { offer.resource::<Card>().import(); }
/// # }
/// # /// A card.
/// # #[derive(Clone, Debug, Resource)]
/// # #[resource(name = "card")]
/// # struct Card {
/// #     /// Where it is sent.
/// #     #[attr(replace)]
/// #     email: Required<String>,
/// #     /// What it says.
/// #     text: Optional<String>,
/// # }
/// # type Cards = Context<Mutex<BTreeMap<String, Card>>>;
/// # impl Resource for Card {
/// #     type Client = Mutex<BTreeMap<String, Card>>;
/// #     fn validate(config: &Self, diagnostics: &mut Diagnostics) {
/// #         if config.email.get().is_some_and(|email| !email.contains('@')) {
/// #             diagnostics.push(Diagnostic::error("Not an address", "It has no `@`."));
/// #         }
/// #     }
/// #     async fn create(cards: &mut Cards, card: Self, _: Self) -> Result<Self, Failure<Self>> {
/// #         cards.client().lock().unwrap().insert(card.email.get().unwrap().clone(), card.clone());
/// #         Ok(card)
/// #     }
/// #     async fn read(cards: &mut Cards, card: Self) -> Result<Option<Self>, Diagnostics> {
/// #         Ok(cards.client().lock().unwrap().get(card.email.get().unwrap()).cloned())
/// #     }
/// #     async fn update(cards: &mut Cards, _: Self, card: Self, config: Self) -> Result<Self, Failure<Self>> {
/// #         Self::create(cards, card, config).await
/// #     }
/// #     async fn delete(cards: &mut Cards, card: Self) -> Result<(), Failure<Self>> {
/// #         cards.client().lock().unwrap().remove(card.email.get().unwrap());
/// #         Ok(())
/// #     }
/// # }
/// # impl Import for Card {
/// #     async fn import(_: &mut Cards, id: &str) -> Result<Self, Diagnostics> {
/// #         Ok(Self { email: id.into(), text: None.into() })
/// #     }
/// # }
/// use tfplugin_sdk::testing::properties;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tfplugin_sdk::testing::Error> {
/// properties::<Greeting>("greeting_card")
///     .attribute("email", "[a-z]{1,8}@example[.]com")
///     .import_id(|state| state["email"].as_str().map(str::to_owned))
///     .check()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// What fails is made small, and shown with the step, what is wrong, and a seed that makes the same case again. The
/// variables `PROPTEST_CASES`, `PROPTEST_RNG_SEED` and `PROPTEST_MAX_SHRINK_TIME` are those of the crate `proptest`.
pub fn properties<P: Provider>(type_name: &str) -> Properties {
    let mut offer = Offer::new(<P as Model>::NAME);
    P::offer(&mut offer);
    let start: Start = Box::new(|| {
        Box::pin(async {
            let provider = InProcess::<P>::start().await?;
            Ok(provider.client().clone())
        })
    });
    let mut properties = Properties::new(type_name, start);
    properties.fresh = true;
    if let Some(entry) = offer.resources.remove(type_name) {
        properties.options.by_id = entry.import.map(|_| ById::Attribute);
        properties.options.by_identity = entry.identity.is_some();
        properties.schema = Some(entry.schema.announced().into_owned());
    }
    properties
}

impl Properties {
    /// Random configurations of a resource of a provider that runs and is configured already. What the wire does not tell,
    /// such as validators, is for the test to say: [`attribute`](Self::attribute). It is imported by identity, if it has
    /// one, and by id only if [`import_id`](Self::import_id) says how.
    pub fn of(client: &Client, type_name: &str) -> Self {
        let client = client.clone();
        let start: Start = Box::new(move || {
            let client = client.clone();
            Box::pin(async move { Ok(client) })
        });
        let mut properties = Self::new(type_name, start);
        properties.options.by_identity = true;
        properties
    }

    fn new(type_name: &str, start: Start) -> Self {
        Self {
            type_name: type_name.to_owned(),
            start,
            fresh: false,
            schema: None,
            problem: None,
            options: Options::new(),
        }
    }

    /// The provider's configuration; empty if it is not said.
    pub fn provider(mut self, config: Json) -> Self {
        self.options.provider = config;
        self
    }

    /// How many cases are tried; 32 if it is not said. `PROPTEST_CASES` in the environment says it for all tests.
    pub fn cases(mut self, cases: u32) -> Self {
        self.options.cases = cases;
        self
    }

    /// Cases that failed once, by the seeds that were printed then. They are tried first.
    pub fn seeds(mut self, seeds: impl IntoIterator<Item = u64>) -> Self {
        self.options.seeds.extend(seeds);
        self
    }

    /// What an attribute or block is configured with, always: `name`, or `owner.name` for what is in another one, which
    /// means each of its elements.
    pub fn attribute<S>(mut self, path: &str, strategy: S) -> Self
    where
        S: Strategy + 'static,
        S::Value: Into<Json>,
    {
        let strategy = strategy.prop_map(Into::into).boxed();
        self.options.own.insert(path.to_owned(), strategy);
        self
    }

    /// A part of the configuration that is the same in all cases, and known in every plan.
    pub fn fixed(mut self, config: &Json) -> Self {
        let Json::Object(members) = config else {
            self.problem = Some(Error::test("what is fixed must be an object"));
            return self;
        };
        for (name, value) in members {
            let always = proptest::strategy::Just(value.clone());
            self = self.attribute(name, always).known(name);
        }
        self
    }

    /// What is known in every plan. Anything else is sometimes not, as when it comes from a resource that does not exist yet.
    pub fn known(mut self, path: &str) -> Self {
        self.options.known.push(path.to_owned());
        self
    }

    /// What may be another value whenever it is read, for example the time.
    pub fn changing(mut self, path: &str) -> Self {
        self.options.changing.push(path.to_owned());
        self
    }

    /// What an import cannot find out. Write-only attributes, which no state holds, are none.
    pub fn not_imported(mut self, path: &str) -> Self {
        self.options.not_imported.push(path.to_owned());
        self
    }

    /// How the id of an import is made out of a state; the attribute `id` if it is not said.
    pub fn import_id(mut self, id: impl Fn(&Json) -> Option<String> + 'static) -> Self {
        self.options.by_id = Some(ById::Made(Box::new(id)));
        self
    }

    /// Nothing is imported.
    pub fn without_import(mut self) -> Self {
        (self.options.by_id, self.options.by_identity) = (None, false);
        self
    }

    /// The resource exists in the state alone, so that reading finds it even after it was destroyed.
    pub fn only_in_state(mut self) -> Self {
        self.options.only_in_state = true;
        self
    }

    /// Something to do before each case, given what will be created.
    pub fn before<F>(mut self, hook: impl Fn(Json) -> F + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.options.before = Some(Box::new(move |config| Box::pin(hook(config))));
        self
    }

    /// Something to do after each case that went well, given what was created.
    pub fn after<F>(mut self, hook: impl Fn(Json) -> F + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.options.after = Some(Box::new(move |config| Box::pin(hook(config))));
        self
    }

    /// Tries all cases.
    ///
    /// # Errors
    /// With the smallest case that was found, if one fails, or when the test itself is wrong.
    pub async fn check(self) -> Result<()> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let block = self.block().await?;
        if let Some(path) = self.options.paths().find(|path| !block.content().leads_to(path)) {
            let problem = format!("{} has no attribute or block {path:?}", self.type_name);
            return Err(Error::test(problem));
        }
        let search = Search {
            properties: &self,
            block: &block,
        };
        search.run().await
    }

    async fn block(&self) -> Result<Block> {
        if let Some(schema) = &self.schema {
            return Ok(schema.block.clone());
        }
        let client = (self.start)().await?;
        Ok(client.resource(&self.type_name).await?.block.clone())
    }

    /// The provider for a case, configured.
    async fn client(&self) -> Result<Client> {
        let client = (self.start)().await?;
        if self.fresh {
            client.configure(&self.options.provider).await?;
        }
        Ok(client)
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Properties")
            .field("type_name", &self.type_name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
