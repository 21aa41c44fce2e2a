//! Only what is configured and stored can be seen to change.

use tfplugin_sdk::model::{Block, Computed, Required, WriteOnly};

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// What it says.
    #[attr(replace)]
    text: Computed<String>,
    /// With which secret.
    #[attr(replace_if = changes)]
    secret: WriteOnly<String>,
    /// In what.
    #[attr(replace)]
    envelope: Block<Envelope>,
}

/// An envelope.
#[derive(Clone, tfplugin_sdk::Object)]
struct Envelope {
    /// Its colour.
    colour: Required<String>,
}

fn changes(_: &WriteOnly<String>, _: &WriteOnly<String>) -> bool {
    true
}

fn main() {}
