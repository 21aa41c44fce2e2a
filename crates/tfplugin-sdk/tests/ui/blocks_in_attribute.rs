//! Blocks are in blocks only.

use tfplugin_sdk::model::{Block, Optional};

/// A house.
#[derive(Clone, tfplugin_sdk::Object)]
struct House {
    /// Where one lives.
    rooms: Optional<Vec<Room>>,
}

/// A room.
#[derive(Clone, tfplugin_sdk::Object)]
struct Room {
    /// Where one goes in.
    door: Block<Door>,
}

/// A door.
#[derive(Clone, tfplugin_sdk::Object)]
struct Door {
    /// Of which wood.
    wood: Optional<String>,
}

fn main() {}
