//! A provider that greets people: about as small as one can be, and what the tests of the process start. For these it has
//! two data sources that show what becomes of an interruption and of a mistake, and a resource whose state is as large as
//! they like.
//!
//! Run by hand it explains itself. `cargo run --example greeting -- --debug` prints what to set so that Terraform uses it.

use std::process::ExitCode;
use std::time::Duration;

use tfplugin_sdk::function::{FunctionError, Variadic};
use tfplugin_sdk::model::{Computed, Optional, Required};
use tfplugin_sdk::{
    Close, Context, DataSource, Diagnostics, EphemeralResource, Failure, Function, Offer, Opened, Provider,
    Resource, validators,
};

/// Greets people.
#[derive(Clone, Provider)]
#[provider(name = "greeting")]
struct Greeting {
    /// What every greeting begins with. Default: `Hello`.
    word: Optional<String>,
}

impl Provider for Greeting {
    type Client = String;

    async fn configure(self) -> Result<String, Diagnostics> {
        Ok(self.word.into_option().unwrap_or_else(|| "Hello".to_owned()))
    }

    fn offer(offer: &mut Offer<String>) {
        offer.resource::<Card>();
        offer.resource::<Wall>();
        offer.data_source::<Pause>();
        offer.data_source::<Mistake>();
        offer.ephemeral_resource::<Whisper>().close();
        offer.function::<Join>();
    }
}

/// A card with a greeting.
#[derive(Clone, Resource)]
#[resource(name = "card")]
struct Card {
    /// Whom to greet. Changing it makes a new card.
    #[attr(replace, validate = validators::length(1, 80))]
    name: Required<String>,
    /// What the card says.
    text: Computed<String>,
}

impl Resource for Card {
    type Client = String;

    async fn create(
        context: &mut Context<String>,
        mut planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        let name = planned.name.get().cloned().unwrap_or_default();
        tracing::info!(%name, "writing a card");
        planned.text = format!("{} {name}", context.client()).into();
        Ok(planned)
    }

    async fn read(_: &mut Context<String>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<String>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<String>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

/// A wall full of greetings.
#[derive(Clone, Resource)]
#[resource(name = "wall")]
struct Wall {
    /// How many greetings there are on it.
    greetings: Required<i64>,
    /// All of them.
    text: Computed<String>,
}

impl Resource for Wall {
    type Client = String;

    async fn create(
        context: &mut Context<String>,
        mut planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        let greetings = planned
            .greetings
            .get()
            .copied()
            .and_then(|count| usize::try_from(count).ok());
        planned.text = context.client().repeat(greetings.unwrap_or_default()).into();
        Ok(planned)
    }

    async fn read(_: &mut Context<String>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<String>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<String>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

/// Waits.
#[derive(Clone, DataSource)]
#[data_source(name = "pause")]
struct Pause {
    /// How long, in seconds.
    seconds: Required<i64>,
    /// Whether to wait to the end even if the user interrupts, which no provider should do. Default: `false`.
    stubborn: Optional<bool>,
    /// Whether the user interrupted.
    interrupted: Computed<bool>,
}

impl DataSource for Pause {
    type Client = String;

    async fn read(context: &mut Context<String>, mut config: Self) -> Result<Self, Diagnostics> {
        let seconds = config.seconds.get().copied().unwrap_or_default();
        let pause = tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs()));
        let stubborn = config.stubborn.get().copied().unwrap_or_default();
        let interrupted = tokio::select! {
            () = pause => false,
            () = context.cancellation().cancelled(), if !stubborn => true,
        };
        config.interrupted = interrupted.into();
        Ok(config)
    }
}

/// Panics, as a provider with a mistake does.
#[derive(Clone, DataSource)]
#[data_source(name = "mistake")]
struct Mistake {
    /// What it dies of.
    cause: Required<String>,
}

impl DataSource for Mistake {
    type Client = String;

    #[expect(clippy::panic, reason = "shows what becomes of a panic")]
    async fn read(_: &mut Context<String>, config: Self) -> Result<Self, Diagnostics> {
        panic!("{}", config.cause.get().cloned().unwrap_or_default())
    }
}

/// A greeting that nobody writes down.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "whisper")]
struct Whisper {
    /// Whom to greet.
    name: Required<String>,
    /// What is said.
    text: Computed<String>,
}

impl EphemeralResource for Whisper {
    type Client = String;

    async fn open(context: &mut Context<String>, mut config: Self) -> Result<Opened<Self>, Diagnostics> {
        let name = config.name.get().cloned().unwrap_or_default();
        config.text = format!("{} {name}, psst", context.client()).into();
        context.private.set("name", name);
        Ok(config.into())
    }
}

impl Close for Whisper {
    async fn close(context: &mut Context<String>) -> Result<(), Diagnostics> {
        tracing::info!(name = context.private.text("name"), "it was never said");
        Ok(())
    }
}

/// Joins the names of those who are greeted together.
#[derive(Function)]
#[function(name = "join")]
struct Join {
    /// What stands between the last two, for example `and`.
    word: String,
    /// The names, none of them empty.
    names: Variadic<String>,
}

impl Function for Join {
    type Return = String;

    fn call(self) -> Result<String, FunctionError> {
        let names = self.names.0;
        if let Some(empty) = names.iter().position(String::is_empty) {
            return Err(FunctionError::of_argument(empty + 1, "a name must not be empty"));
        }
        Ok(match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} {} {last}", others.join(", "), self.word),
            None => String::new(),
        })
    }
}

fn main() -> ExitCode {
    tfplugin_sdk::serve::<Greeting>("registry.terraform.io/example/greeting")
}
