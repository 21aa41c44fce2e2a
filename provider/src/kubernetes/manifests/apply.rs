//! Applying a set: by phases, each waited for before the next; what is no longer wanted goes last.

use tfplugin_sdk::{CancellationToken, Diagnostics, Path};
use tokio::time::Instant;

use super::desired::{Desired, Phase};
use super::stored::{Entry, Stored};
use crate::kubernetes::api::Propagation;
use crate::kubernetes::concurrent;
use crate::kubernetes::connection::Connection;
use crate::kubernetes::diagnostics;
use crate::kubernetes::managed::{Interrupted, Live, Managed, Waiting, Written};

/// What applying a set needs.
pub(super) struct Applying<'a> {
    pub(super) connection: &'a Connection,
    pub(super) field_manager: &'a str,
    /// The name under which fields were owned before, if it was another.
    pub(super) former_manager: Option<&'a str>,
    pub(super) cancellation: &'a CancellationToken,
    pub(super) waiting: Waiting,
    pub(super) propagation: Propagation,
}

impl Applying<'_> {
    /// Applies everything in `desired`, then deletes what only `stored` has. `stored` is what there is afterwards, also
    /// when something failed.
    pub(super) async fn apply(&self, desired: &[Desired], stored: &mut Stored) -> Diagnostics {
        for phase in [Phase::Foundation, Phase::Rest] {
            let mut objects = Vec::with_capacity(desired.len());
            for desired in desired {
                if Phase::of(desired.manifest.key()) == phase {
                    objects.push(desired);
                }
            }
            let mut problems = Diagnostics::default();
            let mut unready = Vec::with_capacity(objects.len());
            for (desired, written) in self.write_all(&objects, stored).await {
                problems.append(keep(
                    &desired.name,
                    written.as_ref().map(|written| &written.live),
                    stored,
                ));
                unready.extend(written.ok().map(|written| (desired, written)));
            }
            if !problems.has_error() {
                problems.append(self.wait_all(unready, stored).await);
            }
            if problems.has_error() {
                return problems;
            }
        }
        let unwanted: Vec<_> = stored
            .0
            .keys()
            .filter(|name| !desired.iter().any(|desired| desired.name == **name))
            .cloned()
            .collect();
        self.delete(&unwanted, &Path::attribute("objects"), stored).await
    }

    /// Deletes the named objects, those that others stand on last. What is gone is gone from `stored`, too.
    pub(super) async fn delete(&self, names: &[String], path: &Path, stored: &mut Stored) -> Diagnostics {
        let mut problems = Diagnostics::default();
        for phase in [Phase::Rest, Phase::Foundation] {
            let of_phase = |name: &&String| {
                stored
                    .0
                    .get(*name)
                    .and_then(Entry::key)
                    .is_some_and(|key| Phase::of(&key) == phase)
            };
            let names: Vec<_> = names.iter().filter(of_phase).cloned().collect();
            let mut deletions = Vec::with_capacity(names.len());
            for name in &names {
                deletions.push(self.delete_one(stored.0.get(name), path));
            }
            let results = concurrent::all(deletions).await;
            for (name, result) in names.into_iter().zip(results) {
                match result {
                    Ok(()) => drop(stored.0.remove(&name)),
                    Err(errors) => problems.append(errors),
                }
            }
            if problems.has_error() {
                break;
            }
        }
        problems
    }

    fn managed<'b>(&'b self, path: &'b Path) -> Managed<'b> {
        Managed {
            connection: self.connection,
            field_manager: self.field_manager,
            path,
            cancellation: self.cancellation,
        }
    }

    async fn delete_one(&self, entry: Option<&Entry>, path: &Path) -> Result<(), Diagnostics> {
        let Some((entry, key)) = entry.and_then(|entry| Some((entry, entry.key()?))) else {
            return Ok(());
        };
        self.managed(path)
            .delete(
                &key,
                entry.record.as_ref(),
                self.propagation,
                self.waiting.deadline,
            )
            .await
    }

    /// Writes the objects that are not as they should be already.
    async fn write_all<'d>(
        &self,
        objects: &[&'d Desired],
        stored: &Stored,
    ) -> Vec<(&'d Desired, Result<Written, Interrupted>)> {
        let mut writes = Vec::new();
        for desired in objects {
            let entry = stored.0.get(&desired.name);
            let record = entry.and_then(|entry| entry.record.as_ref());
            let current = record.is_some_and(|record| record.is_current(desired.manifest.object()));
            if self.former_manager.is_some() || !current {
                writes.push(async move { (*desired, self.write(desired, entry).await) });
            }
        }
        concurrent::all(writes).await
    }

    async fn write(&self, desired: &Desired, entry: Option<&Entry>) -> Result<Written, Interrupted> {
        let managed = self.managed(&desired.path);
        if self.cancellation.is_cancelled() {
            return Err(diagnostics::interrupted(desired.manifest.key()).into());
        }
        let Some(entry) = entry else {
            return managed.create(&desired.manifest, None).await;
        };
        let written = managed
            .update(&desired.manifest, None, entry.record.as_ref())
            .await?;
        if let (Some(manager), Some(key)) = (self.former_manager, entry.key()) {
            let relinquished = managed.relinquish(&key, manager).await;
            relinquished.map_err(|diagnostics| Interrupted {
                diagnostics,
                live: Some(written.live.clone()),
            })?;
        }
        Ok(written)
    }

    async fn wait_all(&self, written: Vec<(&Desired, Written)>, stored: &mut Stored) -> Diagnostics {
        let mut waits = Vec::with_capacity(written.len());
        for (desired, written) in written {
            waits.push(async move {
                (
                    &desired.name,
                    self.managed(&desired.path).wait(written, &self.waiting).await,
                )
            });
        }
        let mut problems = Diagnostics::default();
        // All at once: an object may become ready only together with another.
        for (name, waited) in futures::future::join_all(waits).await {
            problems.append(keep(name, waited.as_ref(), stored));
        }
        problems
    }
}

/// Puts what is there into `stored`, and returns what went wrong.
fn keep(name: &str, result: Result<&Live, &Interrupted>, stored: &mut Stored) -> Diagnostics {
    let (live, problems) = match result {
        Ok(live) => (Some(live), Diagnostics::default()),
        Err(Interrupted { diagnostics, live }) => (live.as_ref(), diagnostics.clone()),
    };
    if let Some(live) = live {
        stored.0.insert(name.to_owned(), live.clone().into());
    }
    problems
}

/// A deadline as far away as `waiting` needs for a deletion alone.
pub(super) fn until(timeout: std::time::Duration) -> Instant {
    Instant::now() + timeout
}
