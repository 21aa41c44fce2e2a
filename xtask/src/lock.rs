//! One process at a time: a lock on a file, which the system gives back however its holder ends.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::progress::Activity;

/// Waits until nobody else holds the lock on `path` and says so meanwhile; `work` is what its holders do there. It is
/// held until the returned file is dropped.
pub fn hold(path: &Path, work: &str) -> Result<File> {
    let failed = || format!("failed to lock {}", path.display());
    let file = File::create(path).with_context(failed)?;
    if file.try_lock().is_err() {
        let activity = Activity::start(format!("waiting for another {work}"));
        file.lock().with_context(failed)?;
        activity.finish(&format!("the other {work} has ended"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;
    use std::{sync::mpsc, thread};

    use super::*;

    #[test]
    fn the_next_one_has_it_when_the_first_lets_go() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("lock");
        let first = hold(&path, "test")?;
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| sender.send(hold(&path, "test").is_ok()));
            assert!(receiver.recv_timeout(Duration::from_millis(100)).is_err());
            drop(first);
            assert!(receiver.recv_timeout(Duration::from_secs(10))?);
            Ok(())
        })
    }
}
