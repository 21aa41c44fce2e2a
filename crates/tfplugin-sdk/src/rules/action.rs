//! What core does with a plan.

use std::fmt;

use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What a planned change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// There is nothing to do.
    NoOp,
    /// A new object.
    Create,
    /// A change of the object.
    Update,
    /// The object goes, and a new one comes.
    Replace,
    /// The object goes.
    Delete,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOp => "no change",
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        })
    }
}

/// The action for a plan, where `replaced` holds the paths for which core replaces.
#[must_use]
pub fn action(block: &Block, prior: &Value, planned: &Value, replaced: &[Path]) -> Action {
    if planned.is_null() {
        Action::Delete
    } else if prior.is_null() {
        Action::Create
    } else if !replaced.is_empty() {
        Action::Replace
    } else if planned.is_wholly_known() && planned.equals(prior, &block.ty()) {
        Action::NoOp
    } else {
        Action::Update
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, action};
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn the_action_follows_from_the_values() {
        let (a, b) = (resource([("note", "a".into())]), resource([("note", "b".into())]));
        let unknown = resource([("note", "a".into()), ("id", Value::UNKNOWN)]);
        let judge = |prior: &Value, planned: &Value| action(&block(), prior, planned, &[]);
        assert_eq!(judge(&Value::Null, &a), Action::Create);
        assert_eq!(judge(&a, &Value::Null), Action::Delete);
        assert_eq!(judge(&a, &a), Action::NoOp);
        assert_eq!(judge(&a, &b), Action::Update);
        assert_eq!(judge(&a, &unknown), Action::Update);
        assert_eq!(action(&block(), &a, &b, &["note".into()]), Action::Replace);
    }
}
