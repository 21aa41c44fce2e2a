//! Locks of states: who holds one, and what a user reads who wanted it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// A lock of a state, to be stored as JSON: who holds it, why and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateLock {
    /// What it is given back by. Random, so that no two are the same.
    pub id: String,
    /// What Terraform is doing, for example `apply`.
    pub operation: String,
    /// Whose process it is, as `user@host`; empty if the system does not say.
    #[serde(default)]
    pub who: String,
    /// When it was taken, as in RFC 3339.
    pub created: String,
}

/// What came of taking a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locking {
    /// It is taken, and given back by this id, which must not be empty.
    Taken(String),
    /// Somebody else holds it.
    HeldBy(StateLock),
}

impl StateLock {
    /// A lock of this process, taken now.
    pub(crate) fn new(operation: &str) -> Result<Self, Diagnostic> {
        Ok(Self {
            id: random_id()?,
            operation: operation.to_owned(),
            who: who(),
            created: jiff::Timestamp::now().to_string(),
        })
    }

    /// What a user reads who wants the lock of `state`, which this one holds.
    pub(crate) fn refusal(&self, state: &str) -> Diagnostic {
        let who = if self.who.is_empty() {
            "somebody"
        } else {
            &self.who
        };
        let Self {
            id,
            operation,
            created,
            ..
        } = self;
        Diagnostic::error(
            format!("The state {state:?} is locked"),
            format!(
                "It has been held by {who} since {created}, for the operation {operation:?}; the id of the lock is \
                 {id}.\n\nWait until that is done. If whoever took it is gone, release it:\n\n  terraform force-unlock {id}"
            ),
        )
    }
}

/// 128 random bits, in the form of a UUID.
fn random_id() -> Result<String, Diagnostic> {
    let mut bytes = [0_u8; 16];
    let random = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| {
        Diagnostic::error(
            "The state cannot be locked",
            "The operating system gives no random numbers, which the id of a lock is made of.",
        )
    })?;
    let mut id = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&place) {
            id.push('-');
        }
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    Ok(id)
}

/// The user and the host as far as the system says, for a human to read.
fn who() -> String {
    let variable = |names: &[&str]| {
        let values = names.iter().filter_map(|name| std::env::var(name).ok());
        values
            .map(|value| value.trim().to_owned())
            .find(|value| !value.is_empty())
    };
    let user = variable(&["USER", "LOGNAME", "USERNAME"]);
    let host = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let host = variable(&["HOSTNAME", "COMPUTERNAME"]).or_else(host);
    match (user, host) {
        (Some(user), Some(host)) => format!("{user}@{}", host.trim()),
        (user, host) => user.or(host).unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::StateLock;

    #[test]
    fn locks_differ_and_say_when_and_why() {
        let (first, second) = (StateLock::new("plan").unwrap(), StateLock::new("plan").unwrap());
        assert_ne!(first.id, second.id);
        let lengths: Vec<_> = first.id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{}", first.id);
        assert!(
            first.created.parse::<jiff::Timestamp>().is_ok(),
            "{}",
            first.created
        );
        let json = serde_json::to_string(&first).unwrap();
        assert_eq!(serde_json::from_str::<StateLock>(&json).unwrap(), first);
    }

    #[test]
    fn a_refusal_says_who_holds_the_lock_and_what_to_do() {
        let mut lock = StateLock {
            id: "1f".to_owned(),
            operation: "apply".to_owned(),
            who: "ada@desk".to_owned(),
            created: "2026-01-02T03:04:05Z".to_owned(),
        };
        let refusal = lock.refusal("default");
        assert_eq!(refusal.summary, "The state \"default\" is locked");
        assert_eq!(
            refusal.detail,
            "It has been held by ada@desk since 2026-01-02T03:04:05Z, for the operation \"apply\"; the id of the lock is \
             1f.\n\nWait until that is done. If whoever took it is gone, release it:\n\n  terraform force-unlock 1f"
        );
        lock.who.clear();
        assert!(lock.refusal("default").detail.contains("held by somebody since"));
    }
}
