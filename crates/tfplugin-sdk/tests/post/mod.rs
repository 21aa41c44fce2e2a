//! A provider with actions of every temper, and a log of what they did.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tfplugin_sdk::model::{Block, Optional, Required, WriteOnly};
use tfplugin_sdk::testing::{Client, InProcess};
use tfplugin_sdk::{
    Action, ActionPlan, Context, Diagnostic, Diagnostics, Object, Offer, PlanAction, Progress, Provider,
    validators,
};

pub(crate) type Log = Arc<Mutex<Vec<String>>>;

/// Sends things.
#[derive(Clone, Provider)]
#[provider(name = "post")]
pub(crate) struct Post {
    /// Where it is; unknown while it is being built.
    office: Optional<String>,
}

/// The log of what happened, and whether the office is known.
pub(crate) struct Office {
    log: Log,
    known: bool,
}

static LOGS: Mutex<Vec<(String, Log)>> = Mutex::new(Vec::new());

impl Provider for Post {
    type Client = Office;

    async fn configure(self) -> Result<Office, Diagnostics> {
        let known = !self.office.is_unknown();
        let name = self.office.into_option().unwrap_or_default();
        let log = Log::default();
        LOGS.lock().unwrap().push((name, Arc::clone(&log)));
        Ok(Office { log, known })
    }

    fn offer(offer: &mut Offer<Office>) {
        offer.action::<Send>().plan();
        offer.action::<Wait>();
        offer.action::<Chat>();
        offer.action::<Fail>();
    }
}

/// Sends a letter.
#[derive(Clone, Action)]
#[action(name = "send")]
struct Send {
    /// To whom.
    #[attr(validate = validators::length(1, 20))]
    to: Optional<String>,
    /// What opens the mailbox.
    key: WriteOnly<String>,
    /// What it costs.
    stamp: Block<Stamp>,
}

/// A stamp.
#[derive(Clone, Debug, PartialEq, Object)]
struct Stamp {
    /// In cents.
    value: Required<i64>,
}

impl Action for Send {
    type Client = Office;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        let stamp = config.stamp.0.as_ref().and_then(|stamp| stamp.value.get());
        if stamp.is_some_and(|value| *value < 85) {
            let message = Diagnostic::error("The stamp is too cheap", "A letter costs 85 cents.");
            diagnostics.push(message.at("stamp"));
        }
    }

    async fn invoke(
        context: &mut Context<Office>,
        config: Self,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let to = config.to.into_option().unwrap_or_else(|| "everybody".to_owned());
        progress.say(format!("to {to}")).await;
        progress.say("it is on its way").await;
        let key = config.key.into_option().unwrap_or_default();
        context.client().log.lock().unwrap().push(format!("{to} {key}"));
        context.warn(Diagnostic::warning("It may take a week", "It is far."));
        if to == "nobody" {
            return Err(Diagnostic::error("It came back", "Nobody is there.")
                .at("to")
                .into());
        }
        Ok(())
    }
}

impl PlanAction for Send {
    async fn plan(context: &mut Context<Office>, config: Self) -> Result<ActionPlan, Diagnostics> {
        if config.to.get().is_some_and(|to| to == "the moon") {
            return Err(Diagnostic::error("Nobody delivers there", "It is too far.").into());
        }
        Ok(if context.client().known {
            ActionPlan::Promised
        } else {
            ActionPlan::ProviderUnknown
        })
    }
}

/// Waits until it is interrupted.
#[derive(Clone, Action)]
#[action(name = "wait")]
struct Wait {}

impl Action for Wait {
    type Client = Office;

    async fn invoke(context: &mut Context<Office>, _: Self, progress: &Progress) -> Result<(), Diagnostics> {
        progress.say("waiting").await;
        context.cancellation().cancelled().await;
        context
            .client()
            .log
            .lock()
            .unwrap()
            .push("interrupted".to_owned());
        progress.say("that is all").await;
        Err(Diagnostic::error("Interrupted", "It is half done.").into())
    }
}

/// Says more than anybody can listen to at once.
#[derive(Clone, Action)]
#[action(name = "chat")]
struct Chat {
    /// How many things.
    count: Required<i64>,
}

impl Action for Chat {
    type Client = Office;

    async fn invoke(
        context: &mut Context<Office>,
        config: Self,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        for number in 0..config.count.into_option().unwrap_or_default() {
            progress.say(format!("{number:0>1000}")).await;
        }
        context.client().log.lock().unwrap().push("all said".to_owned());
        Ok(())
    }
}

/// Panics.
#[derive(Clone, Action)]
#[action(name = "fail")]
struct Fail {}

impl Action for Fail {
    type Client = Office;

    async fn invoke(_: &mut Context<Office>, _: Self, progress: &Progress) -> Result<(), Diagnostics> {
        progress.say("going to fail").await;
        unreachable!("out of ink")
    }
}

/// A client of an office of its own, and the log of that.
pub(crate) async fn post(name: &str) -> (Client, Log) {
    let client = InProcess::<Post>::start().await.unwrap().client().clone();
    client.configure(&json!({"office": name})).await.unwrap();
    let logs = LOGS.lock().unwrap();
    let log = logs.iter().find(|(office, _)| office == name).unwrap();
    (client, Arc::clone(&log.1))
}

pub(crate) async fn until(log: &Log, entry: &str) {
    let happens = async {
        while !log.lock().unwrap().iter().any(|happened| happened == entry) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let happened = tokio::time::timeout(Duration::from_secs(20), happens).await;
    assert!(happened.is_ok(), "{entry} does not happen");
}
