//! Mounts that containers and volumes left below the node's folders.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use nix::mount::{MntFlags, umount2};

/// Removes every mount below `folders`, those that lie on others first.
pub(super) fn unmount_below(folders: &[&Path]) -> Result<()> {
    let table = fs::read_to_string("/proc/self/mountinfo").context("failed to read the list of mounts")?;
    for target in targets(&table, folders) {
        // Detached: an ending process may still have a file open there.
        umount2(&target, MntFlags::MNT_DETACH)
            .with_context(|| format!("failed to unmount {}", target.display()))?;
    }
    Ok(())
}

/// The table lists mounts in the order in which they were made.
fn targets(table: &str, folders: &[&Path]) -> Vec<PathBuf> {
    let points = table.lines().rev().filter_map(|line| line.split(' ').nth(4));
    points
        .map(unescape)
        .filter(|point| folders.iter().any(|folder| point.starts_with(folder)))
        .collect()
}

/// Blanks, tabs, newlines and backslashes are written as a backslash with three octal digits.
fn unescape(field: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let (byte, length) = escaped
            .filter(|_| *first == b'\\')
            .map_or((*first, 1), |byte| (byte, 4));
        bytes.push(byte);
        rest = &rest[length..];
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_below_a_folder_are_found_the_last_one_first() {
        let table = "\
20 1 0:1 / / rw - ext4 /dev/a rw
21 20 0:2 / /run/a/one rw - tmpfs tmpfs rw
22 20 0:2 / /run/ab rw - tmpfs tmpfs rw
23 21 0:3 / /run/a/one/with\\040blank rw shared:1 - overlay overlay rw
";
        assert_eq!(
            targets(table, &[Path::new("/run/a")]),
            [Path::new("/run/a/one/with blank"), Path::new("/run/a/one")]
        );
    }
}
