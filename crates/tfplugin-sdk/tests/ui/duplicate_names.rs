//! A name is used once.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    name: Required<String>,
    /// Who greets.
    name: Required<String>,
}

fn main() {}
