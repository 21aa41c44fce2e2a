//! The knowledge that an object does not exist, handed from a plan to the apply that follows at once.
//!
//! Core plans each change a second time right before it applies it, in the same process, and gives what that plan says
//! to the apply. The dry run of that plan tells whether the object would be new, so the apply need not ask again. A plan
//! that lies further back proves nothing, and counts as none.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tfplugin_sdk::Private;

/// The name in private state: milliseconds since the Unix epoch.
const NAME: &str = "absent";
/// How long the knowledge holds: about as long as a request to ask anew may take.
const HOLDS: Duration = Duration::from_secs(1);

/// Notes that the server said a moment ago that the object does not exist.
pub fn note(private: &mut Private) {
    if let Ok(now) = u64::try_from(now().as_millis()) {
        private.set(NAME, now);
    }
}

/// Whether the server said so a moment ago. What was noted is forgotten.
pub fn take(private: &mut Private) -> bool {
    let noted = private.get(NAME).and_then(serde_json::Value::as_u64);
    private.remove(NAME);
    noted
        .map(Duration::from_millis)
        .and_then(|noted| now().checked_sub(noted))
        .is_some_and(|age| age < HOLDS)
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_a_moment_ago_holds_once() {
        let mut private = Private::default();
        note(&mut private);
        assert!(take(&mut private));
        assert!(!take(&mut private) && private == Private::default());
    }

    #[test]
    fn an_old_note_and_one_from_the_future_prove_nothing() {
        for noted in [now().saturating_sub(HOLDS), now() + Duration::from_mins(1)] {
            let mut private = Private::default();
            private.set(NAME, u64::try_from(noted.as_millis()).unwrap_or_default());
            assert!(!take(&mut private));
        }
    }
}
