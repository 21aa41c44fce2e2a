//! Rules between attributes, deprecations, and write-only values with their versions, as a client sees them.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value as Json, json};
use tfplugin_sdk::model::{
    Block, BlockGroup, BlockList, Computed, Optional, Required, Sensitive, Set, WriteOnly,
};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Capabilities, Client, Error, InProcess, Lifecycle, UNKNOWN};
use tfplugin_sdk::{Context, Diagnostics, Failure, Object, Offer, Provider, Resource, Severity, validators};

/// Keeps doors.
#[derive(Clone, Provider)]
#[provider(name = "house")]
struct House {}

impl Provider for House {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.resource::<Door>();
        offer.resource::<Hatch>();
    }
}

/// A door.
#[derive(Clone, Debug, Resource)]
#[resource(name = "door")]
#[attr(
    exactly_one_of("wood", "steel", "glass"),
    at_least_one_of("key", "code.digits", "lock")
)]
#[attr(required_together("hinges", "frame"), conflicting("bell", "knocker"))]
struct Door {
    /// Of which wood.
    wood: Optional<String>,
    /// Of which steel.
    steel: Optional<String>,
    /// Of which glass.
    #[attr(deprecated = "It breaks.")]
    glass: Optional<String>,
    /// What opens it.
    key: Optional<String>,
    /// What opens it without a key.
    code: Block<Code>,
    /// What keeps it shut.
    lock: BlockList<Lock>,
    /// How many there are.
    #[attr(validate = validators::range(1_i64..=4))]
    hinges: Optional<i64>,
    /// What it hangs in.
    frame: Optional<String>,
    /// What rings.
    bell: Optional<String>,
    /// What knocks.
    knocker: Optional<String>,
    /// What looks through it.
    #[attr(conflicts_with = "glass", required_with = "lens.size")]
    spy: Optional<bool>,
    /// What the spy sees through.
    lens: Optional<Lens>,
    /// Names on it.
    #[attr(validate = validators::each(validators::pattern("^[A-Z]", "a name that begins with a capital")))]
    names: Optional<Vec<String>>,
    /// What opens the safe behind it.
    #[attr(version = "password_version")]
    password: WriteOnly<Sensitive<String>>,
    /// Which password.
    password_version: Optional<i64>,
    /// How long the password is.
    length: Computed<i64>,
    /// Who lives there.
    #[attr(deprecated = "Nobody asks.")]
    tenant: BlockList<Tenant>,
    /// Who owns it.
    #[attr(deprecated = "Nobody knows.")]
    owner: BlockGroup<Tenant>,
}

/// A code.
#[derive(Clone, Debug, Object)]
struct Code {
    /// Its digits.
    #[attr(conflicts_with = "/key")]
    digits: Optional<String>,
    /// Its digits, which nobody stores.
    secret: WriteOnly<String>,
}

/// A lock.
#[derive(Clone, Debug, Object)]
#[attr(exactly_one_of("bolt", "chain"))]
struct Lock {
    /// How long.
    bolt: Optional<i64>,
    /// How long.
    chain: Optional<i64>,
}

/// A lens.
#[derive(Clone, Debug, Object)]
struct Lens {
    /// How large.
    size: Optional<i64>,
    /// What is seen.
    sights: Optional<Set<Sight>>,
}

/// A sight.
#[derive(Clone, Debug, Object)]
#[attr(conflicting("far", "near"))]
struct Sight {
    /// Far.
    far: Optional<i64>,
    /// Near.
    #[attr(validate = validators::range(1_i64..))]
    near: Optional<i64>,
}

/// A tenant.
#[derive(Clone, Debug, Object)]
struct Tenant {
    /// The name.
    name: Optional<String>,
}

impl Resource for Door {
    type Client = ();

    async fn create(_: &mut Context<()>, mut planned: Self, config: Self) -> Result<Self, Failure<Self>> {
        let length = config
            .password
            .get()
            .map_or(0, |password| password.expose().len());
        planned.length = i64::try_from(length).unwrap().into();
        Ok(planned)
    }

    async fn read(_: &mut Context<()>, state: Self) -> Result<Option<Self>, Diagnostics> {
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

/// A hatch.
#[derive(Clone, Debug, Resource)]
#[resource(name = "hatch", deprecated = "Use a door.")]
struct Hatch {
    /// Where it is.
    place: Required<String>,
}

impl Resource for Hatch {
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

async fn client() -> Result<Client, Error> {
    let client = InProcess::<House>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    Ok(client)
}

/// The door of oak that opens with a key, with more to it.
fn door(more: &Json) -> Json {
    let mut door = json!({"wood": "oak", "key": "small"});
    for (name, value) in more.as_object().unwrap() {
        door[name] = value.clone();
    }
    door
}

/// What the provider says of a configuration: where and how it is refused, or nothing.
async fn refusals(config: &Json) -> Vec<(String, String)> {
    let answer = client()
        .await
        .unwrap()
        .validate_resource("house_door", config)
        .await;
    let diagnostics = match &answer {
        Ok(_) => return Vec::new(),
        Err(error) => error.diagnostics(),
    };
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors
        .map(|diagnostic| {
            let place = diagnostic.path.clone().unwrap_or_default().to_string();
            (place, diagnostic.detail.clone())
        })
        .collect()
}

async fn assert_refused(cases: &[(Json, &str, &str)]) {
    for (more, place, said) in cases {
        let found = refusals(&door(more)).await;
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        let (at, detail) = &found[0];
        assert!(at == place && detail.contains(said), "{more}: {found:?}");
        assert!(!detail.contains("hunter2"));
    }
}

#[tokio::test]
async fn what_breaks_a_rule_between_attributes_is_refused() {
    assert_refused(&[
        (
            json!({"steel": "grey"}),
            "wood",
            "Exactly one of `wood`, `steel` and `glass` may be set; observed: `wood` and `steel` are",
        ),
        (
            json!({"wood": null}),
            "",
            "Exactly one of `wood`, `steel` and `glass` must be set; observed: none is",
        ),
        (
            json!({"key": null}),
            "",
            "At least one of `key`, `code.digits` and `lock` must be set",
        ),
        (json!({"key": null, "code": {}}), "", "observed: none is"),
        (
            json!({"hinges": 2}),
            "hinges",
            "`hinges` and `frame` must be set together; observed: `frame` is missing",
        ),
        (
            json!({"bell": "loud", "knocker": "iron"}),
            "bell",
            "At most one of `bell` and `knocker`",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_breaks_a_rule_of_one_attribute_is_refused() {
    assert_refused(&[
        (
            json!({"spy": true}),
            "spy",
            "`spy` needs `lens.size`; observed: `lens.size` is missing",
        ),
        (json!({"spy": true, "lens": {}}), "spy", "`lens.size` is missing"),
        (
            json!({"code": {"digits": "1234"}}),
            "code.digits",
            "At most one of `digits` and `key`",
        ),
        (
            json!({"lock": [{"bolt": 1}, {}]}),
            "lock[1]",
            "Exactly one of `bolt` and `chain`",
        ),
        (
            json!({"lens": {"sights": [{"far": 1, "near": 2}]}}),
            "lens.sights",
            "At most one of",
        ),
        (
            json!({"lens": {"sights": [{"near": 0}]}}),
            "lens.sights",
            "must be at least 1; observed: 0",
        ),
        (
            json!({"password": "hunter2"}),
            "password",
            "`password` and `password_version` must be set together",
        ),
        (
            json!({"password_version": 1}),
            "password_version",
            "`password` is missing",
        ),
        (
            json!({"hinges": 5, "frame": "oak"}),
            "hinges",
            "must be from 1 to 4; observed: 5",
        ),
        (
            json!({"names": ["Ada", "bob"]}),
            "names",
            "each element is a name that begins with a capital",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_keeps_every_rule_passes() {
    for more in [
        json!({}),
        json!({"key": null, "code": {"digits": "1234"}}),
        json!({"key": null, "lock": [{"chain": 1}]}),
        json!({"hinges": 2, "frame": "oak"}),
        json!({"spy": true, "lens": {"size": 1}}),
        json!({"password": "hunter2", "password_version": 1}),
    ] {
        assert_eq!(refusals(&door(&more)).await, [], "{more}");
    }
}

#[tokio::test]
async fn what_is_not_known_yet_breaks_no_rule() {
    for more in [
        json!({"wood": UNKNOWN}),
        json!({"steel": UNKNOWN}),
        json!({"key": UNKNOWN, "code": {"digits": "1234"}}),
        json!({"key": null, "code": UNKNOWN}),
        json!({"key": null, "lock": UNKNOWN}),
        json!({"hinges": 2, "frame": UNKNOWN}),
        json!({"hinges": UNKNOWN, "frame": "oak"}),
        json!({"spy": true, "lens": UNKNOWN}),
        json!({"spy": UNKNOWN}),
        json!({"names": [UNKNOWN]}),
        json!({"lock": [{"bolt": UNKNOWN, "chain": 1}]}),
        json!({"password": UNKNOWN, "password_version": UNKNOWN}),
    ] {
        assert_eq!(refusals(&door(&more)).await, [], "{more}");
    }
}

#[tokio::test]
async fn what_is_deprecated_warns_once_and_only_where_it_is_used() -> Result<(), Error> {
    let client = client().await?;
    let places = |warnings: &Diagnostics| {
        let paths = warnings
            .iter()
            .map(|warning| warning.path.clone().unwrap_or_default().to_string());
        paths.collect::<Vec<_>>()
    };
    let used =
        json!({"wood": null, "glass": "thin", "tenant": [{"name": "Ada"}, {}], "owner": {"name": "Bob"}});
    let warnings = client.validate_resource("house_door", &door(&used)).await?;
    assert_eq!(places(&warnings), ["glass", "tenant", "owner"]);
    assert_eq!(warnings.iter().next().unwrap().detail, "It breaks.");
    let warnings = client.validate_resource("house_door", &door(&json!({}))).await?;
    assert_eq!(places(&warnings), [""; 0]);
    let warnings = client
        .validate_resource("house_hatch", &json!({"place": "roof"}))
        .await?;
    assert_eq!(places(&warnings), [""]);
    let schemas = client.schemas().await?;
    let deprecated = |name: &str| schemas.resources[name].block.deprecated.clone();
    assert_eq!(
        (deprecated("house_hatch").as_deref(), deprecated("house_door")),
        (Some("Use a door."), None)
    );
    Ok(())
}

#[tokio::test]
async fn a_write_only_value_is_written_again_when_its_version_changes() -> Result<(), Error> {
    let mut door_behind = Lifecycle::new(&client().await?, "house_door");
    let with =
        |password: &str, version: i64| door(&json!({"password": password, "password_version": version}));
    door_behind.converge(&with("hunter2", 1)).await?;
    assert_eq!(
        (&door_behind.json()["password"], &door_behind.json()["length"]),
        (&Json::Null, &json!(7))
    );
    // The value alone is not seen: nothing that is stored has changed.
    door_behind.expect_no_change(&with("hunter2hunter2", 1)).await?;
    let plan = door_behind.plan(&with("hunter2hunter2", 2)).await?;
    assert_eq!(
        (plan.action, &plan.json()["length"]),
        (Action::Update, &json!(UNKNOWN))
    );
    assert_eq!(plan.json()["password"], Json::Null);
    door_behind.apply(&plan).await?;
    assert_eq!(door_behind.json()["length"], 14);
    door_behind.expect_no_change(&with("hunter2hunter2", 2)).await
}

#[tokio::test]
async fn write_only_values_at_any_depth_need_a_client_that_does_not_store_them() -> Result<(), Error> {
    let client = client().await?.with_capabilities(Capabilities {
        write_only: false,
        ..Capabilities::default()
    });
    let config = door(&json!({"code": {"secret": "hunter2"}}));
    let refused = client.validate_resource("house_door", &config).await.unwrap_err();
    let diagnostic = refused.diagnostics().iter().next().unwrap();
    assert_eq!(diagnostic.path.as_ref().unwrap().to_string(), "code.secret");
    assert!(!refused.to_string().contains("hunter2"));
    Ok(())
}
