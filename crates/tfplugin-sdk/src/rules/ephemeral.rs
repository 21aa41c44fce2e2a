//! Rule 33: an ephemeral resource is opened as it is configured, and wholly known.

use super::known::known;
use super::plan::plan;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the values of an ephemeral resource that was opened by `config`.
#[must_use]
pub fn ephemeral(block: &Block, config: &Value, result: &Value) -> Vec<Violation> {
    if result.is_null() {
        let message = "no object is returned; what cannot be opened is an error";
        return vec![Violation::new(&Path::default(), Rule::Ephemeral, message)];
    }
    let mut found = plan(block, config, &Value::Null, result);
    found.extend(known(result, &block.ty(), Rule::Ephemeral));
    found
}

#[cfg(test)]
mod tests {
    use super::ephemeral;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_33_as_configured_and_wholly_known() {
        let config = resource([]);
        assert_eq!(ephemeral(&block(), &config, &resource([("id", "1".into())])), []);
        for value in [Value::Null, resource([("id", Value::UNKNOWN)])] {
            let found = ephemeral(&block(), &config, &value);
            assert_eq!((found.len(), found[0].rule), (1, Rule::Ephemeral));
        }
    }
}
