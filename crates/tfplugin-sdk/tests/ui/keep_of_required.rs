//! Only what the provider sets can be kept.

use tfplugin_sdk::model::{Required, WriteOnly};

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    #[attr(keep)]
    name: Required<String>,
    /// With which secret.
    #[attr(keep)]
    secret: WriteOnly<String>,
}

fn main() {}
