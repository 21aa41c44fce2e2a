//! A provider that spells everything in its own way: the spelling of users and of the state is kept nevertheless, at every
//! place where a value can stand.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tfplugin_sdk::model::{
    Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Duration, Field, JsonString, Optional,
    OptionalComputed, Quantity, Required, Sensitive, Set, Text, usage,
};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Client, Error, InProcess, Lifecycle, UNKNOWN, value_to_json};
use tfplugin_sdk::{
    Change, Context, DataSource, Diagnostics, EphemeralResource, Failure, Object, Offer, Opened, Plan,
    Planned, Provider, Resource,
};

/// Keeps things.
#[derive(Clone, Provider)]
#[provider(name = "pantry")]
struct Pantry {}

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

async fn client() -> Result<Client, Error> {
    let client = InProcess::<Pantry>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

async fn jar() -> Result<Lifecycle, Error> {
    Ok(Lifecycle::new(&client().await?, "pantry_jar"))
}

/// A configuration with a size everywhere, each spelled as `kibi` spells it.
fn everything(kibi: &str) -> Json {
    let fruit = || json!({"size": kibi});
    json!({
        "size": kibi,
        "space": "1",
        "label": "{ \"b\" : 1.0, \"a\" : [] }",
        "time": "1m30s",
        "secret": "[ 1 ]",
        "layers": [kibi, "2Ki"],
        "parts": {"a": kibi},
        "mix": ["3Ki", kibi],
        "fruit": fruit(),
        "fruits": [fruit(), {"size": "2Ki"}],
        "named": {"a": fruit()},
        "mixed": [{"size": "3Ki"}, fruit()],
        "top": fruit(),
        "on": [fruit()],
        "about": [{"size": "3Ki"}, fruit()],
        "at": {"a": fruit()},
        "shelf": {"size": kibi},
    })
}

/// The configured attributes of a state, with sets in order.
fn spelled(state: &Json) -> Json {
    let mut spelled = state.clone();
    for (name, value) in spelled.as_object_mut().unwrap() {
        strip(value);
        if ["mix", "mixed", "about"].contains(&name.as_str()) {
            value
                .as_array_mut()
                .unwrap()
                .sort_by_key(|element| std::cmp::Reverse(element.to_string()));
        }
    }
    spelled.as_object_mut().unwrap().remove("opened");
    spelled
}

fn strip(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.remove("id");
            members.values_mut().for_each(strip);
        }
        Json::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

#[tokio::test]
async fn what_is_applied_and_read_is_spelled_as_it_was_configured() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.refresh().await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.expect_no_change(&everything("1Ki")).await
}

#[tokio::test]
async fn another_spelling_is_no_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    let mut other = everything("1024");
    other["label"] = r#"{"a":[],"b":1}"#.into();
    other["secret"] = "[1]".into();
    (other["time"], other["space"]) = ("90s".into(), "1000m".into());
    (other["layers"][1], other["mix"]) = ("2048".into(), json!(["1024", "3072"]));
    jar.expect_no_change(&other).await?;
    // With a change beside it, what means the same stays as it is.
    other["time"] = "2m".into();
    let plan = jar.plan(&other).await?;
    assert_eq!(plan.action, Action::Update);
    let mut expected = everything("1Ki");
    expected["time"] = "2m".into();
    assert_eq!(spelled(&plan.json()), expected);
    assert_eq!(plan.json()["fruit"]["id"], 7);
    jar.apply(&plan).await?;
    assert_eq!(spelled(&jar.json()), expected);
    jar.expect_no_change(&other).await
}

#[tokio::test]
async fn another_meaning_is_a_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&everything("1Ki")).await?;
    for (place, value) in [
        ("/size", json!("1025")),
        ("/label", json!("{}")),
        ("/layers/0", json!("1025")),
        ("/parts/a", json!("1025")),
        ("/mix/1", json!("1025")),
        ("/fruit/size", json!("1025")),
        ("/fruits/1/size", json!("1025")),
        ("/named/a/size", json!("1025")),
        ("/mixed/1/size", json!("1025")),
        ("/top/size", json!("1025")),
        ("/on/0/size", json!("1025")),
        ("/about/1/size", json!("1025")),
        ("/at/a/size", json!("1025")),
        ("/shelf/size", json!("1025")),
    ] {
        let mut config = everything("1Ki");
        *config.pointer_mut(place).unwrap() = value;
        let plan = jar.plan(&config).await?;
        assert_eq!(plan.action, Action::Update, "{place}");
        assert_eq!(spelled(&plan.json()), spelled(&config), "{place}");
    }
    Ok(())
}

#[tokio::test]
async fn a_default_of_the_same_meaning_is_no_change() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&json!({"size": "1", "space": "1"})).await?;
    jar.expect_no_change(&json!({"size": "1"})).await?;
    assert_eq!(jar.json()["space"], "1");
    Ok(())
}

#[tokio::test]
async fn what_was_not_known_is_spelled_as_it_is_configured_then() -> Result<(), Error> {
    let mut jar = jar().await?;
    let mut unknown = everything("1Ki");
    (unknown["size"], unknown["layers"]) = (UNKNOWN.into(), json!(["1Ki", UNKNOWN]));
    unknown["mixed"] = json!([{"size": "3Ki"}, {"size": UNKNOWN}]);
    let plan = jar.plan(&unknown).await?;
    jar.apply_with(&plan, &everything("1Ki")).await?;
    assert_eq!(spelled(&jar.json()), everything("1Ki"));
    jar.expect_no_change(&everything("1Ki")).await
}

#[tokio::test]
async fn of_a_collection_that_drifts_what_stays_keeps_its_spelling() -> Result<(), Error> {
    let mut jar = jar().await?;
    jar.create(&json!({"size": "13", "layers": ["1Ki", "2Ki"]}))
        .await?;
    jar.refresh().await?;
    assert_eq!(jar.json()["layers"], json!(["1Ki", "5"]));
    Ok(())
}

#[tokio::test]
async fn a_provider_that_plans_nothing_keeps_spellings_as_well() -> Result<(), Error> {
    let mut tin = Lifecycle::new(&client().await?, "pantry_tin");
    tin.converge(&json!({"size": "1Ki"})).await?;
    tin.expect_no_change(&json!({"size": "1024"})).await?;
    assert_eq!(tin.json()["size"], "1Ki");
    assert_eq!(tin.plan(&json!({"size": "1025"})).await?.action, Action::Replace);
    Ok(())
}

#[tokio::test]
async fn data_sources_and_ephemeral_resources_keep_the_spelling_of_their_configuration() -> Result<(), Error>
{
    let client = client().await?;
    let label = client
        .read_data_source("pantry_label", &json!({"size": "1Ki"}))
        .await?;
    assert_eq!(value_to_json(&label.value), json!({"size": "1Ki"}));
    let lid = client.open("pantry_lid", &json!({"size": "1Ki"})).await?;
    assert_eq!(value_to_json(&lid.value.value), json!({"size": "1Ki"}));
    Ok(())
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_its_path_and_without_secrets() -> Result<(), Error> {
    let client = client().await?;
    for (place, value, path, said) in [
        ("/size", "1KiB", "size", "found \"1KiB\""),
        ("/layers/1", "much", "layers[1]", "quantity such as"),
        ("/at/a/size", "much", r#"at["a"].size"#, "quantity such as"),
        ("/secret", "hunter2", "secret", "hidden, because it is sensitive"),
    ] {
        let mut config = everything("1Ki");
        *config.pointer_mut(place).unwrap() = value.into();
        let refused = client.validate_resource("pantry_jar", &config).await.unwrap_err();
        let diagnostic = refused.diagnostics().iter().next().unwrap();
        assert_eq!(diagnostic.path.as_ref().unwrap().to_string(), path);
        assert!(diagnostic.detail.contains(said), "{refused}");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
    Ok(())
}
