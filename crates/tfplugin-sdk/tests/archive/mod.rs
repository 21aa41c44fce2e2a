//! A provider whose things have identities, and which uses what few providers do: an archive of letters and crates.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::json;
use tfplugin_sdk::model::{Computed, ModelError, Optional, OptionalComputed, Required};
use tfplugin_sdk::testing::{Client, InProcess};
use tfplugin_sdk::{
    Change, Context, DataSource, Deferral, Diagnostic, Diagnostics, Failure, GenerateConfig, Identify,
    Identity, Import, ListResource, Listing, Move, Moved, Offer, Plan, Planned, Provider, Resource, Source,
    UpgradeIdentity, validators,
};

/// Where a letter lies that nobody put anywhere.
const HALL: &str = "hall";

/// A client of a configured one.
pub(crate) async fn archive() -> Client {
    let client = InProcess::<Archive>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    client
}

/// Keeps things.
#[derive(Clone, Provider)]
#[provider(name = "archive")]
struct Archive {}

/// What was renamed behind Terraform's back: from which name to which.
type Renamed = Mutex<BTreeMap<String, String>>;

impl Provider for Archive {
    type Client = Renamed;

    async fn configure(self) -> Result<Renamed, Diagnostics> {
        Ok(Renamed::default())
    }

    fn offer(offer: &mut Offer<Renamed>) {
        offer.provider_meta::<Publisher>();
        offer.resource::<Letter>().import().upgrade_identity().take_over();
        offer.resource::<Crate>().plan().identify().generate_config();
        offer.data_source::<Reader>();
        offer.list_resource::<Letters>();
    }
}

/// What a module says to the archive.
#[derive(Clone, tfplugin_sdk::Object)]
pub(crate) struct Publisher {
    /// Who published the module.
    name: Required<String>,
}

/// Who reads, and for whom.
#[derive(Clone, DataSource)]
#[data_source(name = "reader")]
pub(crate) struct Reader {
    /// Whose letters are read; it waits for `nobody`.
    name: Required<String>,
    /// Who published the module that asks.
    publisher: Computed<String>,
}

impl DataSource for Reader {
    type Client = Renamed;

    async fn read(context: &mut Context<Renamed>, mut config: Self) -> Result<Self, Diagnostics> {
        if config.name.get().is_some_and(|name| name == "nobody") {
            context.defer(Deferral::AbsentPrerequisite);
        }
        let publisher = context.provider_meta::<Publisher>().map_err(Diagnostic::from)?;
        config.publisher = publisher
            .map_or_else(String::new, |publisher| {
                publisher.name.into_option().unwrap_or_default()
            })
            .into();
        Ok(config)
    }
}

/// A letter. One called `stray` is found under another name when it is read.
#[derive(Clone, Debug, Resource)]
#[resource(name = "letter")]
pub(crate) struct Letter {
    /// Whom it is from.
    #[attr(replace)]
    sender: Required<String>,
    /// In which room it lies. It can be put elsewhere, which this provider wrongly does not call a replacement.
    room: OptionalComputed<String>,
    /// What it says.
    text: Optional<String>,
}

/// What tells letters apart.
#[derive(Clone, Identity)]
#[identity(version = 1)]
pub(crate) struct LetterIdentity {
    /// Whom it is from.
    sender: Required<String>,
    /// In which room it lies. Default: `hall`.
    room: Optional<String>,
}

impl Resource for Letter {
    type Client = Renamed;

    async fn create(_: &mut Context<Renamed>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        if planned.room.get().is_none() {
            planned.room = HALL.into();
        }
        if planned.text.get().is_some_and(|text| text == "illegible") {
            let diagnostic = Diagnostic::error("Nobody can read it", "Write it again.");
            return Err(Failure::with_state(diagnostic, planned));
        }
        Ok(planned)
    }

    async fn read(_: &mut Context<Renamed>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        match state.sender.get().map(String::as_str) {
            Some("nobody") => return Ok(None),
            Some("stray") => state.sender = "somebody".into(),
            _ => {}
        }
        if state.room.is_null() {
            state.room = HALL.into();
        }
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Renamed>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<Renamed>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Identify for Letter {
    type Identity = LetterIdentity;

    fn identity(&self) -> Result<LetterIdentity, ModelError> {
        Ok(LetterIdentity {
            sender: self.sender.carry(),
            room: self.room.carry(),
        })
    }

    async fn import_by_identity(
        _: &mut Context<Renamed>,
        identity: LetterIdentity,
    ) -> Result<Self, Diagnostics> {
        Ok(Self {
            sender: identity.sender,
            room: identity
                .room
                .into_option()
                .unwrap_or_else(|| HALL.to_owned())
                .into(),
            text: None.into(),
        })
    }
}

impl UpgradeIdentity for Letter {
    fn upgrade_identity(_: i64, mut identity: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        let name = identity["from"].take();
        if name.is_null() {
            return Err(Diagnostic::error("The identity names no sender", "Import the letter again.").into());
        }
        Ok(json!({"sender": name, "room": HALL}))
    }
}

impl Import for Letter {
    async fn import(_: &mut Context<Renamed>, id: &str) -> Result<Self, Diagnostics> {
        Ok(Self {
            sender: id.into(),
            room: None.into(),
            text: None.into(),
        })
    }
}

impl Move for Letter {
    fn take_over(source: &Source) -> Result<Option<Moved<Self>>, Diagnostics> {
        if !source.is("example", "post", "post_parcel") {
            return Ok(None);
        }
        let sender = source.state["from"].as_str().ok_or_else(|| {
            Diagnostic::error("The parcel names no sender", "Give it one by the old provider.")
        })?;
        let mut moved = Moved::from(Self {
            sender: sender.into(),
            room: HALL.into(),
            text: None.into(),
        });
        moved.private.set("parcel", source.version);
        Ok(Some(moved))
    }
}

/// Finds letters: an endless number of them, `letter 0` and so on.
#[derive(Clone, ListResource)]
pub(crate) struct Letters {
    /// In which room they lie.
    #[attr(validate = validators::length(1, 20))]
    room: Required<String>,
    /// How many there are; without end if it is not set. Of a negative number nobody knows.
    count: Optional<i64>,
}

impl ListResource for Letters {
    type Resource = Letter;

    async fn list(
        context: &mut Context<Renamed>,
        query: Self,
        listing: &Listing<Letter>,
    ) -> Result<(), Diagnostics> {
        let room = query.room.into_option().unwrap_or_default();
        let count = query.count.into_option().unwrap_or(i64::MAX);
        if count < 0 {
            return Err(Diagnostic::error("Nobody can count them", "Give a number.").into());
        }
        for number in 0..count {
            let sender = format!("sender {number}");
            let letter = Letter {
                sender: sender.into(),
                room: room.as_str().into(),
                text: listing.with_resource().then(|| "hello".to_owned()).into(),
            };
            if listing.add(format!("letter {number}"), letter).await.is_break() {
                break;
            }
        }
        if room == "cellar" {
            context.warn(Diagnostic::warning("It is dark there", "Some may be missing."));
        }
        Ok(())
    }
}

/// A crate, which the archive numbers, and may number anew.
#[derive(Clone, Debug, Resource)]
#[resource(name = "crate")]
pub(crate) struct Crate {
    /// What is in it.
    content: Required<String>,
    /// Its number.
    number: Computed<i64>,
}

/// What tells crates apart.
#[derive(Clone, Identity)]
pub(crate) struct CrateIdentity {
    /// Its number.
    number: Required<i64>,
}

impl Resource for Crate {
    type Client = Renamed;

    async fn create(_: &mut Context<Renamed>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        let content = planned.content.get().map_or(0, String::len);
        planned.number = i64::try_from(content).unwrap_or_default().into();
        Ok(planned)
    }

    async fn read(_: &mut Context<Renamed>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        if state.content.is_null() {
            state.content = "found".into();
        }
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Renamed>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<Renamed>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Plan for Crate {
    async fn plan(
        context: &mut Context<Renamed>,
        change: Change<Self>,
    ) -> Result<Planned<Self>, Diagnostics> {
        if change.config.content.is_unknown() && context.can_defer() {
            context.defer(Deferral::ResourceConfigUnknown);
        }
        Ok(change.proposed.into())
    }
}

impl GenerateConfig for Crate {
    fn generate_config(state: Self) -> Self {
        let content = state.content.into_option().unwrap_or_default();
        Self {
            content: content.trim().into(),
            number: state.number,
        }
    }
}

impl Identify for Crate {
    type Identity = CrateIdentity;

    const MUTABLE: bool = true;
}
