//! Rule 26: upgraded state can be stored.

use super::read::stored;
use super::{Rule, Violation};
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the result of a state upgrade. Core asks for one whenever it reads state, also of the current
/// version.
#[must_use]
pub fn upgrade(block: &Block, upgraded: &Value) -> Vec<Violation> {
    stored(block, upgraded, Rule::Upgrade)
}

#[cfg(test)]
mod tests {
    use super::upgrade;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_26_upgraded_state_is_known_and_without_write_only_values() {
        assert_eq!(upgrade(&block(), &resource([])), []);
        let found = upgrade(
            &block(),
            &resource([("id", Value::UNKNOWN), ("password", "x".into())]),
        );
        assert_eq!((found.len(), found[0].rule), (2, Rule::Upgrade));
    }
}
