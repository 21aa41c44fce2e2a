//! A protocol client for tests of providers, which asserts after every answer the [`rules`](crate::rules) that Terraform
//! core has for it: a broken rule is an [`Error`], which no test can overlook.
//!
//! A provider is embedded ([`InProcess`]) or started as the process that it is ([`ProviderProcess`]), and spoken to through
//! one [`Client`], call by call, or through [`Lifecycle`], which does what `terraform apply` does with one resource: read,
//! validate, plan, plan again, apply.
//!
//! ```no_run
//! use serde_json::json;
//! use tfplugin_sdk::rules::Action;
//! use tfplugin_sdk::testing::{Error, Lifecycle, ProviderProcess, UNKNOWN};
//!
//! # async fn test() -> Result<(), Error> {
//! let provider = ProviderProcess::spawn("target/debug/terraform-provider-greeting", [("TF_LOG", "debug")]).await?;
//! let client = provider.client();
//! client.configure(&json!({"word": "Hello"})).await?;
//!
//! let mut card = Lifecycle::new(client, "greeting_card");
//! card.converge(&json!({"name": "Ada"})).await?; // plan, apply, and an empty second plan
//! assert_eq!(card.json()["text"], "Hello Ada");
//!
//! let plan = card.plan(&json!({"name": UNKNOWN})).await?;
//! assert_eq!(plan.action, Action::Replace);
//! card.apply_with(&plan, &json!({"name": "Grace"})).await?;
//!
//! let mut same = Lifecycle::new(client, "greeting_card");
//! same.import("Grace").await?;
//! same.expect_no_change(&json!({"name": "Grace"})).await?;
//! card.destroy().await?;
//!
//! let refused = client.validate_resource("greeting_card", &json!({"name": ""})).await;
//! assert!(refused.is_err_and(|error| error.diagnostics().has_error()));
//! assert!(!provider.shutdown().await?.killed);
//! # Ok(())
//! # }
//! ```
//!
//! # Any configuration
//! [`properties`](fn@properties) leads a resource through its life with random configurations, which its schema makes, and shows the
//! smallest one with which something goes wrong. [`Properties::of`] does it with a provider that runs, whoever wrote it:
//!
//! ```no_run
//! # async fn test(client: tfplugin_sdk::testing::Client) -> Result<(), tfplugin_sdk::testing::Error> {
//! use tfplugin_sdk::testing::Properties;
//!
//! Properties::of(&client, "greeting_card").attribute("email", "[a-z]{1,8}@example[.]com").check().await?;
//! # Ok(())
//! # }
//! ```
//!
//! What is tested is that a resource keeps what it says to Terraform. Whether it does what it says to users is for tests of
//! its own: [`Properties::after`] is a place for them.
//!
//! # States of former versions
//! [`Fixtures`] keeps what each version of a schema has stored, and gives it to the provider of today:
//!
//! ```no_run
//! # async fn test(client: tfplugin_sdk::testing::Client) -> Result<(), tfplugin_sdk::testing::Error> {
//! use serde_json::json;
//! use tfplugin_sdk::testing::Fixtures;
//!
//! let fixtures = Fixtures::in_folder("tests/fixtures");
//! fixtures.record(&client, "greeting_card", "plain", &json!({"name": "Ada"})).await?; // with UPDATE_FIXTURES=1
//! fixtures.replay(&client).await?;
//! # Ok(())
//! # }
//! ```

mod capabilities;
mod client;
mod configuration;
mod connect;
mod error;
mod fixtures;
mod in_process;
mod json;
mod lifecycle;
mod process;
mod properties;
mod proposed;
mod schemas;

/// The messages of the plugin protocol, for calls that [`Client`] has no method for.
pub use crate::wire::proto;

pub use self::{
    capabilities::Capabilities,
    client::{Answer, Client, Ephemeral, Invocation, Listed, PlannedChange, State, Store},
    configuration::Configuration,
    error::{Error, Result},
    fixtures::Fixtures,
    in_process::InProcess,
    json::{UNKNOWN, config, json_to_value, value_to_json},
    lifecycle::Lifecycle,
    process::{Ending, Handshake, Identity, Launch, ProviderProcess, Started},
    properties::{Counterexample, Properties, Stage, properties},
    schemas::{FunctionSchema, Schemas},
};
