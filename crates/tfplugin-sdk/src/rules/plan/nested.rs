//! Rule 6: nested attributes are planned object by object, each attribute of them like one at the root.

use super::{Sides, attribute, count, different_keys};
use crate::path::Path;
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
        // Core does not look for what goes with what in a set.
        (Nesting::Set, config, planned) => {
            if let Some(problem) = impossible(config, planned) {
                fail(problem);
            }
        }
        (Nesting::List, Value::Sequence(configs), Value::Sequence(planned))
            if configs.len() == planned.len() =>
        {
            check_elements(attributes, sides, path, found);
        }
        (Nesting::Map, Value::Mapping(configs), Value::Mapping(planned)) => {
            for problem in different_keys(configs, planned) {
                fail(problem);
            }
            check_elements(attributes, sides, path, found);
        }
        (Nesting::List | Nesting::Map, config, planned) => {
            let (config, planned) = (count(config), count(planned));
            fail(format!(
                "{config} elements are configured and {planned} are planned"
            ));
        }
    }
}

/// What is wrong with the number of elements of a planned set. Elements of which parts are unknown may turn out to be
/// the same one.
fn impossible(config: &Value, planned: &Value) -> Option<String> {
    let (Value::Sequence(configs), Value::Sequence(elements)) = (config, planned) else {
        return None;
    };
    let fewest = if planned.is_wholly_known() {
        elements.len()
    } else {
        1.min(elements.len())
    };
    let message = || {
        format!(
            "{} elements are configured and {} are planned",
            configs.len(),
            elements.len()
        )
    };
    (!(fewest..=elements.len()).contains(&configs.len())).then(message)
}

fn check_elements(attributes: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    for (step, sides) in sides.elements() {
        check_object(attributes, sides, &path.clone().join(step), found);
    }
}

fn check_object(attributes: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    for nested in attributes {
        let path = path.clone().child(&nested.name);
        attribute::check(nested, sides.member(&nested.name), &path, found);
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
    fn rule_6_a_set_is_as_large_as_it_can_be() {
        let (a, b) = (|| owner("a", Value::Null), || owner("b", Value::Null));
        let broken = [("guests".to_owned(), Rule::PlannedNestedAttributes)];
        assert_eq!(judge("guests", list([a(), b()]), list([b(), a()])), []);
        assert_eq!(
            judge("guests", list([a()]), list([owner("a", Value::UNKNOWN)])),
            []
        );
        assert_eq!(judge("guests", list([a()]), list([a(), b()])), broken);
        assert_eq!(judge("guests", list([a(), b()]), list([a()])), broken);
        let open = list([owner("a", Value::UNKNOWN), owner("b", Value::UNKNOWN)]);
        assert_eq!(judge("guests", list([a()]), open), []);
    }

    #[test]
    fn rule_3_holds_for_nested_objects() {
        let found = judge("owner", owner("a", Value::Null), Value::Null);
        assert_eq!(found, [("owner".to_owned(), Rule::PlannedExistence)]);
    }
}
