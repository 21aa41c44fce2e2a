//! Elements have one type.

use std::collections::BTreeMap;

use tfplugin_sdk::model::{BlockList, BlockMap, Dynamic, Optional};

/// A box.
#[derive(Clone, tfplugin_sdk::Object)]
struct Box {
    /// Things.
    things: Optional<Vec<Dynamic>>,
    /// Things by name.
    named: Optional<BTreeMap<String, Thing>>,
    /// Things in order.
    thing: BlockList<Thing>,
    /// Things by label.
    labelled: BlockMap<Thing>,
}

/// A thing.
#[derive(Clone, tfplugin_sdk::Object)]
struct Thing {
    /// Anything.
    anything: Optional<Dynamic>,
}

fn main() {}
