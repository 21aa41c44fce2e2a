//! A provider has others.

use tfplugin_sdk::model::Optional;

/// Greets.
#[derive(Clone, tfplugin_sdk::Provider)]
#[provider(name = "greeting")]
struct Greeting {
    /// Which one.
    r#version: Optional<String>,
}

fn main() {}
