//! Rule 28: what a resource takes over from another type is an object that can be stored.

use super::read::stored;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with a state that was made of another type's.
#[must_use]
pub fn moved(block: &Block, state: &Value) -> Vec<Violation> {
    if state.is_null() {
        let message = "no object is returned; what cannot be taken over is an error";
        return vec![Violation::new(&Path::default(), Rule::Move, message)];
    }
    stored(block, state, Rule::Move)
}

#[cfg(test)]
mod tests {
    use super::moved;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_28_an_object_that_can_be_stored() {
        assert_eq!(moved(&block(), &resource([("id", "1".into())])), []);
        let unknown = resource([("id", Value::UNKNOWN)]);
        let secret = resource([("password", "hunter2".into())]);
        for state in [Value::Null, unknown, secret] {
            let found = moved(&block(), &state);
            assert_eq!((found.len(), found[0].rule), (1, Rule::Move));
        }
    }
}
