//! Terraform keeps some names for itself.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Resource)]
#[resource(name = "card")]
struct Card {
    /// How many.
    count: Required<i64>,
}

/// A list of cards.
#[derive(Clone, tfplugin_sdk::DataSource)]
#[data_source(name = "cards")]
struct Cards {
    /// From where.
    provider: Required<String>,
}

/// A token.
#[derive(Clone, tfplugin_sdk::EphemeralResource)]
#[ephemeral_resource(name = "token")]
struct Token {
    /// For what.
    for_each: Required<String>,
}

/// In an object every name is free.
#[derive(Clone, tfplugin_sdk::Object)]
struct Deck {
    /// How many.
    count: Required<i64>,
}

fn main() {}
