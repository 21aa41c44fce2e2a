//! Only resources are planned.

use tfplugin_sdk::model::{Computed, OptionalComputed, Required};

/// A card.
#[derive(Clone, tfplugin_sdk::DataSource)]
#[data_source(name = "card")]
struct Card {
    /// Whom to greet.
    #[attr(replace)]
    name: Required<String>,
}

/// Greets.
#[derive(Clone, tfplugin_sdk::Provider)]
#[provider(name = "greeting")]
struct Greeting {
    /// How.
    #[attr(default = "Hello".to_owned())]
    word: OptionalComputed<String>,
}

/// A token.
#[derive(Clone, tfplugin_sdk::EphemeralResource)]
#[ephemeral_resource(name = "token")]
struct Token {
    /// Its number.
    #[attr(keep)]
    id: Computed<String>,
}

fn main() {}
