//! Rules 1 to 8: what a plan may say, given the configuration and the prior state.

mod attribute;
mod block;
mod nested;

use std::collections::BTreeMap;

use super::conform::conform;
use super::part::{element, member};
use super::write_only::write_only;
use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with a plan. `prior` is null for a creation and for the second half of a replacement.
///
/// The configuration decides: a plan may choose values only for computed attributes that are not configured. The one
/// exception is a value that equals the prior one, by which a provider says that the difference means nothing.
#[must_use]
pub fn plan(block: &Block, config: &Value, prior: &Value, planned: &Value) -> Vec<Violation> {
    let mut found = conform(planned, &block.ty());
    found.extend(write_only(block, planned, Rule::PlannedWriteOnlyNull));
    if found.is_empty() {
        let sides = Sides {
            config,
            prior,
            planned,
        };
        block::check(block, sides, &Path::default(), &mut found);
    }
    found
}

/// The three values that a plan is judged by, at the same place in each.
#[derive(Clone, Copy)]
struct Sides<'a> {
    config: &'a Value,
    prior: &'a Value,
    planned: &'a Value,
}

impl Sides<'_> {
    /// The named attribute on each side.
    fn member(self, name: &str) -> Self {
        Self {
            config: member(self.config, name),
            prior: member(self.prior, name),
            planned: member(self.planned, name),
        }
    }

    /// The elements of a list or map that are configured and planned, with what was there before.
    fn elements(self) -> Vec<(Step, Self)> {
        match (self.config, self.planned) {
            (Value::Sequence(configs), Value::Sequence(elements)) => (0..)
                .zip(configs.iter().zip(elements).enumerate())
                .map(|(step, (index, (config, planned)))| {
                    let prior = element(self.prior, index);
                    let sides = Self {
                        config,
                        prior,
                        planned,
                    };
                    (Step::Index(step), sides)
                })
                .collect(),
            (Value::Mapping(configs), Value::Mapping(elements)) => elements
                .keys()
                .filter(|key| configs.contains_key(*key))
                .map(|key| (Step::Key(key.clone()), self.member(key)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Rule 3, from which nothing further follows when it is broken, or when there is nothing on either side.
    fn both_exist(self, path: &Path, found: &mut Vec<Violation>) -> bool {
        let message = match (self.config.is_null(), self.planned.is_null()) {
            (false, false) => return true,
            (true, true) => return false,
            (false, true) => "it is configured and planned not to exist",
            (true, false) => "it is not configured and planned to exist",
        };
        found.push(Violation::new(path, Rule::PlannedExistence, message));
        false
    }
}

fn different_keys(config: &BTreeMap<String, Value>, planned: &BTreeMap<String, Value>) -> Vec<String> {
    let planned_only = planned.keys().filter(|key| !config.contains_key(*key));
    let config_only = config.keys().filter(|key| !planned.contains_key(*key));
    planned_only
        .map(|key| format!("the key {key:?} is planned and not configured"))
        .chain(config_only.map(|key| format!("the key {key:?} is configured and not planned")))
        .collect()
}

fn count(value: &Value) -> String {
    match value {
        Value::Sequence(elements) => elements.len().to_string(),
        Value::Mapping(elements) => elements.len().to_string(),
        _ => "an unknown number of".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plan;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_3_a_plan_exists_where_the_configuration_does() {
        let value = resource([]);
        let found = plan(&block(), &value, &Value::Null, &Value::Null);
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedExistence));
        let found = plan(&block(), &Value::Null, &value, &value);
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedExistence));
        assert_eq!(plan(&block(), &value, &Value::Null, &value), []);
        assert_eq!(plan(&block(), &Value::Null, &value, &Value::Null), []);
    }

    #[test]
    fn rule_7_a_write_only_value_stays_out_of_the_plan() {
        let config = resource([("password", "hunter2".into())]);
        let found = plan(&block(), &config, &Value::Null, &config);
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedWriteOnlyNull));
        assert!(!found[0].message.contains("hunter2"));
        assert_eq!(plan(&block(), &config, &Value::Null, &resource([])), []);
    }

    #[test]
    fn rule_8_a_plan_is_of_the_type_of_the_schema() {
        let config = resource([]);
        let found = plan(&block(), &config, &Value::Null, &resource([("id", true.into())]));
        assert_eq!((found.len(), found[0].rule), (1, Rule::Conforming));
        assert_eq!(found[0].path.to_string(), "id");
    }
}
