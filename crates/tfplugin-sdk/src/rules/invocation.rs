//! Rule 37: an invocation of an action reports progress, and ends with exactly one completion.

use super::{Rule, Violation};
use crate::path::Path;

/// One event of an invocation, as far as core tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvocationEvent {
    /// Something for the user to read.
    Progress,
    /// The end.
    Completed,
    /// An event that is nothing. Core crashes on it.
    Untyped,
}

/// What is wrong with the events of an invocation that has ended.
#[must_use]
pub fn invocation(events: &[InvocationEvent]) -> Vec<Violation> {
    let broken = |message: &str| vec![Violation::new(&Path::default(), Rule::Action, message)];
    let end = events
        .iter()
        .position(|event| *event == InvocationEvent::Completed);
    if events.contains(&InvocationEvent::Untyped) {
        return broken("an event is neither progress nor completion, on which Terraform crashes");
    }
    match end {
        None => broken("the stream ends without a completion"),
        Some(end) if end + 1 < events.len() => broken("there is an event after the completion"),
        Some(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::InvocationEvent::{Completed, Progress, Untyped};
    use super::invocation;
    use crate::rules::Rule;

    #[test]
    fn rule_37_progress_and_one_end() {
        assert_eq!(invocation(&[Completed]), []);
        assert_eq!(invocation(&[Progress, Progress, Completed]), []);
    }

    #[test]
    fn rule_37_anything_else_is_refused() {
        for events in [
            &[][..],
            &[Progress],
            &[Untyped],
            &[Progress, Untyped, Completed],
            &[Completed, Progress],
            &[Completed, Completed],
            &[Completed, Untyped],
        ] {
            let found: Vec<_> = invocation(events).iter().map(|found| found.rule).collect();
            assert_eq!(found, [Rule::Action], "{events:?}");
        }
    }
}
