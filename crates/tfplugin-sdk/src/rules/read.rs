//! Rule 24: a read gives what can be stored, or null for what is gone.

use super::conform::conform;
use super::known::known;
use super::write_only::write_only;
use super::{Rule, Violation};
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the result of a read.
#[must_use]
pub fn read(block: &Block, actual: &Value) -> Vec<Violation> {
    stored(block, actual, Rule::Read)
}

/// What keeps a value from being stored, as violations of `rule`, beside its type.
pub(super) fn stored(block: &Block, value: &Value, rule: Rule) -> Vec<Violation> {
    let ty = block.ty();
    let mut found = conform(value, &ty);
    found.extend(write_only(block, value, rule));
    found.extend(known(value, &ty, rule));
    found
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_24_what_is_there_and_what_is_gone() {
        assert_eq!(read(&block(), &resource([("id", "1".into())])), []);
        assert_eq!(read(&block(), &Value::Null), []);
    }

    #[test]
    fn rule_24_what_cannot_be_stored() {
        for (name, value) in [("id", Value::UNKNOWN), ("password", "hunter2".into())] {
            let found = read(&block(), &resource([(name, value)]));
            assert_eq!((found.len(), found[0].rule), (1, Rule::Read));
            assert_eq!(found[0].path.to_string(), name);
        }
    }
}
