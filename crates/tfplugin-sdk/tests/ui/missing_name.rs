//! A resource has a name, and is a struct with named fields.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Resource)]
struct Card {
    /// Whom to greet.
    name: Required<String>,
}

/// A postcard.
#[derive(Clone, tfplugin_sdk::Object)]
struct PostCard(Required<String>);

/// A kind of card.
#[derive(Clone, tfplugin_sdk::Object)]
enum Kind {
    /// A card.
    Card,
}

fn main() {}
