//! A provider with rules between its attributes: a house that keeps doors.

use tfplugin_sdk::model::{
    Block, BlockGroup, BlockList, Computed, Optional, Required, Sensitive, Set, WriteOnly,
};
use tfplugin_sdk::{Context, Diagnostics, Failure, Object, Offer, Provider, Resource, validators};

/// Keeps doors.
#[derive(Clone, Provider)]
#[provider(name = "house")]
pub(crate) struct House {}

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
        planned.length = i64::try_from(length).unwrap_or_default().into();
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
