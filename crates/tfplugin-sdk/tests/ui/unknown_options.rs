//! Options are spelled as they are.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    #[attr(force_new)]
    name: Required<String>,
}

/// A postcard.
#[derive(Clone, tfplugin_sdk::Object)]
#[attr(one_of("name", "text"))]
struct PostCard {
    /// Whom to greet.
    name: Required<String>,
}

/// A letter.
#[derive(Clone, tfplugin_sdk::Resource)]
#[resource(name = "letter", force_new)]
struct Letter {
    /// Whom to greet.
    name: Required<String>,
}

fn main() {}
