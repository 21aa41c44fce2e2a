//! One thing is said once.

use tfplugin_sdk::model::{Block, Optional, OptionalComputed};

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// How.
    #[attr(default = "Hello".to_owned(), default_with = greeting)]
    greeting: OptionalComputed<String>,
}

/// A postcard.
#[derive(Clone, tfplugin_sdk::Object)]
struct PostCard {
    /// How.
    #[attr(default = "Hello".to_owned(), keep)]
    greeting: OptionalComputed<String>,
}

/// A letter.
#[derive(Clone, tfplugin_sdk::Object)]
struct Letter {
    /// Whom to greet.
    #[attr(replace, replace_if = changes)]
    name: Optional<String>,
}

/// A parcel.
#[derive(Clone, tfplugin_sdk::Object)]
struct Parcel {
    /// In what.
    #[attr(required, max_items = 3)]
    paper: Block<Letter>,
}

fn main() {}
