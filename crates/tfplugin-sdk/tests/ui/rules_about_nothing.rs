//! Rules between fields name fields.

use tfplugin_sdk::model::Optional;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
#[attr(exactly_one_of("name", "nmae"))]
struct Card {
    /// Whom to greet.
    name: Optional<String>,
    /// Whom else.
    names: Optional<String>,
}

/// A postcard.
#[derive(Clone, tfplugin_sdk::Object)]
struct PostCard {
    /// Whom to greet.
    #[attr(conflicts_with = "nmaes")]
    name: Optional<String>,
    /// Whom else.
    names: Optional<String>,
}

/// A letter.
#[derive(Clone, tfplugin_sdk::Object)]
#[attr(conflicting("name"))]
struct Letter {
    /// Whom to greet.
    name: Optional<String>,
}

/// A parcel.
#[derive(Clone, tfplugin_sdk::Object)]
#[attr(conflicting("/name", "/names"))]
struct Parcel {
    /// Whom to greet.
    name: Optional<String>,
}

fn main() {}
