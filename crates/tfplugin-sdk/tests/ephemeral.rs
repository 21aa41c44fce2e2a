//! Ephemeral resources: opened, renewed, closed, and what is a mistake of the provider.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::json;
use tfplugin_sdk::model::{Computed, Required, Sensitive};
use tfplugin_sdk::testing::{Client, Error, InProcess, UNKNOWN, proto, value_to_json};
use tfplugin_sdk::{
    Close, Context, Diagnostic, Diagnostics, EphemeralResource, Offer, Opened, Provider, Renew, validators,
};

/// When a lease ends that was not renewed.
const END: Duration = Duration::from_hours(500_000);

type Log = Arc<Mutex<Vec<String>>>;

/// Lends things.
#[derive(Clone, Provider)]
#[provider(name = "library")]
struct Library {}

impl Provider for Library {
    type Client = Log;

    async fn configure(self) -> Result<Log, Diagnostics> {
        Ok(Log::default())
    }

    fn offer(offer: &mut Offer<Log>) {
        offer.ephemeral_resource::<Lease>().renew().close();
        offer.ephemeral_resource::<Draft>();
    }
}

/// Something that is lent.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "lease")]
struct Lease {
    /// What is lent.
    #[attr(validate = validators::length(1, 20))]
    name: Required<String>,
    /// What opens it.
    token: Computed<Sensitive<String>>,
}

impl EphemeralResource for Lease {
    type Client = Log;

    async fn open(context: &mut Context<Log>, mut config: Self) -> Result<Opened<Self>, Diagnostics> {
        let name = config.name.get().cloned().unwrap_or_default();
        if name == "lost" {
            return Err(Diagnostic::error("It is lost", "Nobody knows where it is.").into());
        }
        config.token = Sensitive::new(format!("token of {name}")).into();
        context.private.set("name", name);
        context.private.set("renewed", 0);
        context.warn(Diagnostic::warning("It is old", "Be careful."));
        let renew_at = Some(SystemTime::UNIX_EPOCH + END);
        Ok(Opened {
            result: config,
            renew_at,
        })
    }
}

impl Renew for Lease {
    async fn renew(context: &mut Context<Log>) -> Result<Option<SystemTime>, Diagnostics> {
        let renewed = context
            .private
            .get("renewed")
            .and_then(serde_json::Value::as_i64)
            .unwrap_or_default()
            + 1;
        context.private.set("renewed", renewed);
        Ok((renewed < 2).then_some(SystemTime::UNIX_EPOCH + END * 2))
    }
}

impl Close for Lease {
    async fn close(context: &mut Context<Log>) -> Result<(), Diagnostics> {
        let name = context.private.text("name").unwrap_or_default().to_owned();
        let mut log = context.client().lock().unwrap();
        if log.contains(&name) {
            return Err(Diagnostic::error("It is here already", "It was given back twice.").into());
        }
        log.push(name);
        Ok(())
    }
}

/// Something that its provider forgets to finish.
#[derive(Clone, EphemeralResource)]
#[ephemeral_resource(name = "draft")]
struct Draft {
    /// What it is about.
    about: Required<String>,
    /// What it says.
    text: Computed<String>,
}

impl EphemeralResource for Draft {
    type Client = Log;

    async fn open(_: &mut Context<Log>, mut config: Self) -> Result<Opened<Self>, Diagnostics> {
        if config.about.get().is_some_and(|about| about == "another") {
            config.about = "one".to_owned().into();
            config.text = String::new().into();
        } else {
            config.text = Computed::unknown();
        }
        Ok(config.into())
    }
}

async fn library() -> Client {
    let client = InProcess::<Library>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    client
}

#[tokio::test]
async fn a_life() {
    let client = library().await;
    let answer = client
        .open("library_lease", &json!({"name": "bike"}))
        .await
        .unwrap();
    assert_eq!(answer.warnings.iter().count(), 1);
    let mut lease = answer.value;
    assert_eq!(
        value_to_json(&lease.value),
        json!({"name": "bike", "token": "token of bike"})
    );
    assert_eq!(lease.renew_at, Some(SystemTime::UNIX_EPOCH + END));
    let opened = lease.private.clone();
    client.renew(&mut lease).await.unwrap();
    assert_eq!(lease.renew_at, Some(SystemTime::UNIX_EPOCH + END * 2));
    client.renew(&mut lease).await.unwrap();
    assert_eq!(lease.renew_at, None, "it knows how often it was renewed");
    lease.private = opened;
    client.close(lease.clone()).await.unwrap();
    let twice = client.close(lease).await.unwrap_err();
    assert!(twice.to_string().contains("It is here already"), "{twice}");
}

#[tokio::test]
async fn what_is_told_of_them() {
    let client = library().await;
    let schemas = client.schemas().await.unwrap();
    let names: Vec<_> = schemas.ephemeral_resources.keys().collect();
    assert_eq!(names, ["library_draft", "library_lease"]);
    let metadata = client
        .raw()
        .get_metadata(proto::GetMetadataRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(metadata.ephemeral_resources.len(), 2);
}

#[tokio::test]
async fn what_is_refused() {
    let client = library().await;
    let invalid = client
        .open("library_lease", &json!({"name": ""}))
        .await
        .unwrap_err();
    assert!(invalid.diagnostics().has_error(), "{invalid}");
    let lost = client
        .open("library_lease", &json!({"name": "lost"}))
        .await
        .unwrap_err();
    assert!(lost.to_string().contains("Nobody knows where it is"), "{lost}");
    let unknown = client
        .open("library_lease", &json!({"name": UNKNOWN}))
        .await
        .unwrap_err();
    assert!(
        matches!(unknown, Error::Test { .. }),
        "core opens nothing before it is known: {unknown}"
    );
    client
        .validate_ephemeral("library_lease", &json!({"name": UNKNOWN}))
        .await
        .unwrap();
    let absent = proto::CloseEphemeralResourceRequest {
        type_name: "library_book".to_owned(),
        private: None,
    };
    let absent = client
        .raw()
        .close_ephemeral_resource(absent)
        .await
        .unwrap()
        .into_inner();
    assert!(
        absent.diagnostics[0].summary.contains("library_book"),
        "{absent:?}"
    );
}

#[tokio::test]
async fn mistakes_of_the_provider_are_found_before_core_finds_them() {
    let client = library().await;
    for (about, found) in [("one", "rule 33"), ("another", "rule 1")] {
        let mistake = client
            .open("library_draft", &json!({"about": about}))
            .await
            .unwrap_err();
        assert!(mistake.to_string().contains(found), "{mistake}");
        assert!(
            mistake.violations().is_empty(),
            "the answer itself keeps the rules: {mistake}"
        );
    }
    let mut draft = client
        .open("library_lease", &json!({"name": "pen"}))
        .await
        .unwrap()
        .value;
    draft.type_name = "library_draft".to_owned();
    let cannot = client.renew(&mut draft).await.unwrap_err();
    assert!(cannot.to_string().contains("cannot be"), "{cannot}");
    client.close(draft).await.unwrap();
}
