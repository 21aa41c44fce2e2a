//! A default is for what the configuration may leave out.

use tfplugin_sdk::model::{Computed, Optional, Required, WriteOnly};

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    #[attr(default = "Ada".to_owned())]
    name: Required<String>,
    /// How.
    #[attr(default = "Hello".to_owned())]
    greeting: Optional<String>,
    /// With which secret.
    #[attr(default_with = secret)]
    secret: WriteOnly<String>,
    /// What it says.
    #[attr(default = 1_i64)]
    text: Computed<i64>,
}

fn secret(_: &Card) -> WriteOnly<String> {
    "secret".into()
}

fn main() {}
