//! Only resources have write-only attributes.

use tfplugin_sdk::model::{Optional, WriteOnly};

/// Greets.
#[derive(Clone, tfplugin_sdk::Provider)]
#[provider(name = "greeting")]
struct Greeting {
    /// With which secret.
    secret: WriteOnly<String>,
}

/// A card.
#[derive(Clone, tfplugin_sdk::DataSource)]
#[data_source(name = "card")]
struct Card {
    /// Who greets.
    login: Optional<Login>,
}

/// A login.
#[derive(Clone, tfplugin_sdk::Object)]
struct Login {
    /// With which secret.
    secret: WriteOnly<String>,
}

fn main() {}
