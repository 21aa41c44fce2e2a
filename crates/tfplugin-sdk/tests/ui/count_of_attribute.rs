//! Only blocks in lists and sets are counted.

use tfplugin_sdk::model::{Block, BlockList, Optional, Required};

/// A card.
#[derive(Clone, tfplugin_sdk::Object)]
struct Card {
    /// Whom to greet.
    #[attr(max_items = 3)]
    names: Optional<Vec<String>>,
    /// In what.
    #[attr(min_items = 1)]
    envelope: Block<Envelope>,
    /// In what else.
    #[attr(required)]
    cover: BlockList<Envelope>,
    /// Who greets.
    #[attr(required)]
    from: Optional<String>,
}

/// An envelope.
#[derive(Clone, tfplugin_sdk::Object)]
struct Envelope {
    /// Its colour.
    colour: Required<String>,
}

fn main() {}
