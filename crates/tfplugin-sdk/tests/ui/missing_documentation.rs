//! What users read is not left out.

use tfplugin_sdk::model::Required;

#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    name: Required<String>,
}

/// A postcard.
#[derive(Clone, tfplugin_sdk::Object)]
struct PostCard {
    name: Required<String>,
}

fn main() {}
