//! Names are lowercase.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
#[expect(non_snake_case, reason = "that is what is forbidden")]
struct Card {
    /// Whom to greet.
    firstName: Required<String>,
}

/// A card.
#[derive(Clone, tfplugin_sdk::Resource)]
#[resource(name = "Post-Card")]
struct PostCard {
    /// Whom to greet.
    name: Required<String>,
}

fn main() {}
