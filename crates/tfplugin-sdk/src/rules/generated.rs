//! A generated configuration is one that a user could have written. Core has no rule for it, and writes it to a file.

use super::read::stored;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::{Block, Usage};
use crate::value::Value;

/// What is wrong with a generated configuration.
#[must_use]
pub fn generated(block: &Block, config: &Value) -> Vec<Violation> {
    let mut found = stored(block, config, Rule::Generated);
    if config.is_null() {
        let message = "no configuration is returned";
        found.push(Violation::new(&Path::default(), Rule::Generated, message));
    }
    for attribute in &block.attributes {
        let value = config.attribute(&attribute.name);
        let message = match attribute.usage {
            Usage::Computed if !value.is_null() => "it is computed, and nobody can configure it",
            Usage::Required if value.is_null() && !config.is_null() => "it is required, and missing",
            _ => continue,
        };
        let path = Path::attribute(&attribute.name);
        found.push(Violation::new(&path, Rule::Generated, message));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::generated;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn a_user_could_have_written_it() {
        assert_eq!(generated(&block(), &resource([])), []);
        for config in [Value::Null, resource([("id", "1".into())])] {
            let found = generated(&block(), &config);
            assert!(
                found.iter().all(|found| found.rule == Rule::Generated) && !found.is_empty(),
                "{config:?}"
            );
        }
    }
}
