//! Where this checkout and what cargo builds of it lie.

use std::path::{Path, PathBuf};

/// The root of the checkout that this program was built from.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// Cargo's target directory: `CARGO_TARGET_DIR` as cargo itself reads it, else `target` in the checkout.
#[must_use]
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(value) => root().join(value),
        None => root().join("target"),
    }
}

/// The provider's binary in a cargo profile's folder, `debug` or `release`.
#[must_use]
pub fn provider_binary(profile: &str) -> PathBuf {
    target().join(profile).join("terraform-provider-mlops")
}

/// The version that the provider calls itself: all packages of the workspace share it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
