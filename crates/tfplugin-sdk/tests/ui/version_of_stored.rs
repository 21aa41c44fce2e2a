//! Only what is not stored needs a version, and the version is stored.

use tfplugin_sdk::model::{Computed, Optional, WriteOnly};

/// A user.
#[derive(Clone, tfplugin_sdk::Object)]
struct User {
    /// What opens the door.
    #[attr(version = "password_version")]
    password: Optional<String>,
    /// Which password.
    password_version: Optional<i64>,
}

/// An account.
#[derive(Clone, tfplugin_sdk::Object)]
struct Account {
    /// What opens the door.
    #[attr(version = "password_version")]
    password: WriteOnly<String>,
    /// Which password.
    password_version: Computed<i64>,
}

fn main() {}
