//! Rule 6: nested attributes are planned object by object, each attribute of them like one at the root.

use std::collections::BTreeMap;

use super::{Sides, attribute};
use crate::path::{Path, Step};
use crate::rules::{Rule, Violation};
use crate::schema::{Attribute, Nesting};
use crate::value::Value;

pub(super) fn check(
    nesting: Nesting,
    attributes: &[Attribute],
    sides: Sides<'_>,
    path: &Path,
    found: &mut Vec<Violation>,
) {
    if !sides.both_exist(path, found) {
        return;
    }
    let mut fail = |message: String| {
        found.push(Violation::new(path, Rule::PlannedNestedAttributes, message));
    };
    if sides.planned.is_unknown() {
        return fail("the value is configured and planned as unknown".to_owned());
    }
    match (nesting, sides.config, sides.planned) {
        (Nesting::Single, _, _) => check_object(attributes, sides, path, found),
        (Nesting::List, Value::Sequence(configs), Value::Sequence(planned))
            if configs.len() == planned.len() =>
        {
            for (step, index) in (0..).map(Step::Index).zip(0..planned.len()) {
                check_object(attributes, sides.element(index), &path.clone().join(step), found);
            }
        }
        (Nesting::Map, Value::Mapping(configs), Value::Mapping(planned)) => {
            for problem in different_keys(configs, planned) {
                fail(problem);
            }
            for key in planned.keys().filter(|key| configs.contains_key(*key)) {
                let path = path.clone().join(Step::Key(key.clone()));
                check_object(attributes, sides.member(key), &path, found);
            }
        }
        (Nesting::List | Nesting::Map, config, planned) => {
            let (config, planned) = (count(config), count(planned));
            fail(format!(
                "{config} elements are configured and {planned} are planned"
            ));
        }
    }
}

fn check_object(attributes: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    for nested in attributes {
        let path = path.clone().child(&nested.name);
        attribute::check(nested, sides.member(&nested.name), &path, found);
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
    use crate::rules::sample::{block, list, object, resource};
    use crate::rules::{Rule, plan};
    use crate::value::Value;

    fn owner(name: &str, id: Value) -> Value {
        object([("name", name.into()), ("id", id)])
    }

    fn judge(attribute: &str, config: Value, planned: Value) -> Vec<(String, Rule)> {
        let config = resource([(attribute, config)]);
        let found = plan(&block(), &config, &Value::Null, &resource([(attribute, planned)]));
        let found = found.into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    #[test]
    fn nested_objects_as_configured_with_computed_attributes_filled_in() {
        let (config, planned) = (owner("a", Value::Null), owner("a", Value::UNKNOWN));
        assert_eq!(judge("owner", config.clone(), planned.clone()), []);
        assert_eq!(
            judge("owners", list([config.clone()]), list([planned.clone()])),
            []
        );
        assert_eq!(
            judge("teams", object([("k", config)]), object([("k", planned)])),
            []
        );
        assert_eq!(judge("owners", Value::UNKNOWN, Value::UNKNOWN), []);
    }

    #[test]
    fn rule_6_elements_neither_come_nor_go() {
        let broken = |path: &str| vec![(path.to_owned(), Rule::PlannedNestedAttributes)];
        let a = || owner("a", Value::Null);
        assert_eq!(judge("owners", list([a()]), list([a(), a()])), broken("owners"));
        assert_eq!(judge("owners", Value::UNKNOWN, list([a()])), broken("owners"));
        assert_eq!(judge("owners", list([a()]), Value::UNKNOWN), broken("owners"));
        let found = judge("teams", object([("k", a())]), object([("l", a())]));
        assert_eq!(found, [broken("teams"), broken("teams")].concat());
    }

    #[test]
    fn attributes_of_nested_objects_have_the_rules_of_attributes() {
        let (a, b) = (owner("a", Value::Null), owner("b", Value::Null));
        let found = judge("teams", object([("k", a.clone())]), object([("k", b.clone())]));
        assert_eq!(
            found,
            [(r#"teams["k"].name"#.to_owned(), Rule::PlannedAsConfigured)]
        );
        let found = judge("owners", list([a]), list([b]));
        assert_eq!(found, [("owners[0].name".to_owned(), Rule::PlannedAsConfigured)]);
    }

    #[test]
    fn rule_3_holds_for_nested_objects() {
        let found = judge("owner", owner("a", Value::Null), Value::Null);
        assert_eq!(found, [("owner".to_owned(), Rule::PlannedExistence)]);
    }
}
