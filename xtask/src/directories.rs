//! The per-user folders of the XDG base directory convention: what outlives a checkout is kept there.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// Built programs: safe to delete, expensive to make again.
pub fn cache() -> Result<PathBuf> {
    base("XDG_CACHE_HOME", ".cache")
}

/// Clusters that are up on this machine.
pub fn state() -> Result<PathBuf> {
    base("XDG_STATE_HOME", ".local/state")
}

fn base(variable: &str, below_home: &str) -> Result<PathBuf> {
    resolve(std::env::var_os(variable), std::env::var_os("HOME"), below_home)
        .with_context(|| format!("neither {variable} nor HOME is set to an absolute path: set one of them"))
}

/// The convention says that a relative path is to be ignored.
fn resolve(explicit: Option<OsString>, home: Option<OsString>, below_home: &str) -> Option<PathBuf> {
    let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
    explicit
        .and_then(absolute)
        .or_else(|| home.and_then(absolute).map(|home| home.join(below_home)))
        .map(|base| base.join("mlops"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explicit_absolute_directory_wins() {
        let found = resolve(Some("/var/c".into()), Some("/home/a".into()), ".cache");
        assert_eq!(found, Some(PathBuf::from("/var/c/mlops")));
    }

    #[test]
    fn a_relative_or_missing_directory_falls_back_to_home() {
        for explicit in [None, Some("relative".into()), Some("".into())] {
            let found = resolve(explicit, Some("/home/a".into()), ".cache");
            assert_eq!(found, Some(PathBuf::from("/home/a/.cache/mlops")));
        }
        assert_eq!(resolve(None, None, ".cache"), None);
    }
}
