//! Sets cannot hold write-only attributes.

use tfplugin_sdk::model::{BlockSet, Optional, Set, WriteOnly};

/// A safe.
#[derive(Clone, tfplugin_sdk::Object)]
struct Safe {
    /// What is in it.
    things: Optional<Set<Thing>>,
    /// What is before it.
    door: BlockSet<Door>,
}

/// A thing.
#[derive(Clone, tfplugin_sdk::Object)]
struct Thing {
    /// What opens it.
    lock: Optional<Lock>,
}

/// A door.
#[derive(Clone, tfplugin_sdk::Object)]
struct Door {
    /// What opens it.
    key: WriteOnly<String>,
}

/// A lock.
#[derive(Clone, tfplugin_sdk::Object)]
struct Lock {
    /// What opens it.
    key: WriteOnly<String>,
}

fn main() {}
