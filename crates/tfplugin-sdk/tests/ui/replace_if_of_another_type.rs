//! The condition takes the values as the field has them.

use tfplugin_sdk::model::Required;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// How many.
    #[attr(replace_if = shrinks)]
    count: Required<i64>,
}

fn shrinks(prior: &i64, planned: &i64) -> bool {
    planned < prior
}

fn main() {}
