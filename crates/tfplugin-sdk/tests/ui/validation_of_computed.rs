//! Only what is configured is validated, and only attributes are hidden.

use tfplugin_sdk::model::{BlockList, Computed, Required};
use tfplugin_sdk::validators;

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// What it says.
    #[attr(validate = validators::length(1, 80))]
    text: Computed<String>,
    /// In what.
    #[attr(sensitive)]
    envelope: BlockList<Envelope>,
}

/// An envelope.
#[derive(Clone, tfplugin_sdk::Object)]
struct Envelope {
    /// Its colour.
    colour: Required<String>,
}

fn main() {}
