//! Rules 13, 14 and 16: a value that was known is the same, and one that was not keeps what was promised of it.

use std::collections::BTreeMap;

use super::set;
use crate::path::{Path, Step};
use crate::rules::part::open;
use crate::rules::refinement::broken_promise;
use crate::rules::show::show;
use crate::rules::{Rule, Violation};
use crate::value::{Type, Value};

/// A value and its type.
pub(super) type Typed<'a> = (&'a Value, &'a Type);

/// Where `actual` is no completion of `planned`.
pub(super) fn check(planned: Typed<'_>, actual: Typed<'_>, path: &Path) -> Vec<Violation> {
    let ((planned, planned_ty), (actual, actual_ty)) = (open(planned.0, planned.1), open(actual.0, actual.1));
    let fail = |rule, message: String| vec![Violation::new(path, rule, message)];
    // Not even the type was known: anything goes.
    if *planned_ty == Type::Dynamic {
        return Vec::new();
    }
    if !actual_ty.conforms_to(planned_ty) {
        let message = format!("it was planned to be of type {planned_ty}, and now it is of type {actual_ty}");
        return fail(Rule::AppliedAsPlanned, message);
    }
    let changed = || {
        let message = format!(
            "it was planned as {}, and now it is {}",
            show(planned),
            show(actual)
        );
        fail(Rule::AppliedAsPlanned, message)
    };
    match (planned, actual, planned_ty, actual_ty) {
        (Value::Unknown(unknown), ..) => match broken_promise(unknown, actual) {
            Some(promise) => {
                let message = format!("it was promised {promise}, and now it is {}", show(actual));
                fail(Rule::PromiseKept, message)
            }
            None => Vec::new(),
        },
        (Value::Null, Value::Null, ..) => Vec::new(),
        (Value::Sequence(before), Value::Sequence(after), Type::Set(before_ty), Type::Set(after_ty)) => {
            set::check_elements((before, before_ty), (after, after_ty), path)
        }
        (Value::Sequence(before), Value::Sequence(after), ..) => {
            sequences((before, planned_ty), (after, actual_ty), path)
        }
        (Value::Mapping(_), Value::Mapping(_), Type::Object(before_types), Type::Object(after_types)) => {
            let both = before_types
                .iter()
                .filter_map(|(name, before)| Some((name, before, after_types.get(name)?)));
            let checked = both.flat_map(|(name, before, after)| {
                let path = path.clone().child(name);
                check(
                    (planned.attribute(name), before),
                    (actual.attribute(name), after),
                    &path,
                )
            });
            checked.collect()
        }
        (Value::Mapping(before), Value::Mapping(after), Type::Map(before_ty), Type::Map(after_ty)) => {
            maps((before, before_ty), (after, after_ty), path)
        }
        _ if planned == actual => Vec::new(),
        _ => changed(),
    }
}

fn sequences(planned: (&[Value], &Type), actual: (&[Value], &Type), path: &Path) -> Vec<Violation> {
    fn element_type(ty: &Type, index: usize) -> &Type {
        match ty {
            Type::List(element) => element,
            Type::Tuple(types) => types.get(index).unwrap_or(&Type::Dynamic),
            _ => &Type::Dynamic,
        }
    }
    let ((planned, planned_ty), (actual, actual_ty)) = (planned, actual);
    if planned.len() != actual.len() {
        let message = format!(
            "{} elements were planned, and now there are {}",
            planned.len(),
            actual.len()
        );
        return vec![Violation::new(path, Rule::AppliedElements, message)];
    }
    let pairs = (0..).zip(planned.iter().zip(actual)).enumerate();
    pairs
        .flat_map(|(index, (step, (before, after)))| {
            let before = (before, element_type(planned_ty, index));
            let after = (after, element_type(actual_ty, index));
            check(before, after, &path.clone().join(Step::Index(step)))
        })
        .collect()
}

type Map<'a> = (&'a BTreeMap<String, Value>, &'a Type);

fn maps((planned, planned_ty): Map<'_>, (actual, actual_ty): Map<'_>, path: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    for (key, before) in planned {
        if let Some(after) = actual.get(key) {
            let path = path.clone().join(Step::Key(key.clone()));
            found.extend(check((before, planned_ty), (after, actual_ty), &path));
        } else {
            let message = format!("the element {key:?} was planned, and now there is none");
            found.push(Violation::new(path, Rule::AppliedElements, message));
        }
    }
    for key in actual.keys().filter(|key| !planned.contains_key(*key)) {
        let message = format!("the element {key:?} was not planned, and now there is one");
        found.push(Violation::new(path, Rule::AppliedElements, message));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::path::Path;
    use crate::rules::Rule;
    use crate::rules::sample::{list, object};
    use crate::value::{Refinements, Type, Unknown, Value};

    #[expect(clippy::needless_pass_by_value, reason = "values are written in place")]
    fn judge(ty: &Type, planned: Value, actual: Value) -> Vec<(String, Rule)> {
        let found = check((&planned, ty), (&actual, ty), &Path::attribute("a")).into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    fn broken(path: &str, rule: Rule) -> Vec<(String, Rule)> {
        vec![(path.to_owned(), rule)]
    }

    #[test]
    fn rule_14_what_was_known_stays() {
        let changed = broken("a", Rule::AppliedAsPlanned);
        assert_eq!(judge(&Type::String, "x".into(), "x".into()), []);
        assert_eq!(judge(&Type::String, Value::UNKNOWN, "x".into()), []);
        assert_eq!(judge(&Type::String, Value::UNKNOWN, Value::Null), []);
        assert_eq!(judge(&Type::String, "x".into(), "y".into()), changed);
        assert_eq!(judge(&Type::String, "x".into(), Value::Null), changed);
        assert_eq!(judge(&Type::String, Value::Null, "x".into()), changed);
        assert_eq!(judge(&Type::String, "x".into(), Value::UNKNOWN), changed);
    }

    #[test]
    fn rule_14_names_both_values() {
        let found = check(
            (&"x".into(), &Type::String),
            (&1.into(), &Type::String),
            &Path::attribute("a"),
        );
        assert_eq!(found[0].message, r#"it was planned as "x", and now it is 1"#);
    }

    #[test]
    fn rule_14_the_type_of_a_dynamic_value_stays() {
        let text = |value: Value| Value::dynamic(Type::String, value);
        let number = Value::dynamic(Type::Number, 1.into());
        assert_eq!(judge(&Type::Dynamic, text(Value::UNKNOWN), text("x".into())), []);
        assert_eq!(judge(&Type::Dynamic, Value::UNKNOWN, number.clone()), []);
        assert_eq!(
            judge(&Type::Dynamic, text(Value::UNKNOWN), number),
            broken("a", Rule::AppliedAsPlanned)
        );
        let within = |ty, value| {
            let object_ty = Type::Object([("k".to_owned(), ty)].into());
            Value::dynamic(object_ty, object([("k", value)]))
        };
        let planned = within(Type::Dynamic, Value::UNKNOWN);
        assert_eq!(
            judge(&Type::Dynamic, planned, within(Type::String, "x".into())),
            []
        );
    }

    #[test]
    fn rule_13_promises_bind() {
        let promise = Refinements {
            string_prefix: Some("https://".to_owned()),
            ..Refinements::default()
        };
        let planned = || Value::Unknown(Unknown::refined(promise.clone()));
        assert_eq!(judge(&Type::String, planned(), "https://x".into()), []);
        assert_eq!(
            judge(&Type::String, planned(), "http://x".into()),
            broken("a", Rule::PromiseKept)
        );
    }

    #[test]
    fn rule_16_elements_neither_come_nor_go() {
        let texts = Type::List(Box::new(Type::String));
        assert_eq!(judge(&texts, list(["x".into()]), list(["x".into()])), []);
        assert_eq!(
            judge(&texts, list(["x".into()]), list([])),
            broken("a", Rule::AppliedElements)
        );
        assert_eq!(
            judge(
                &texts,
                list([Value::UNKNOWN, "x".into()]),
                list(["x".into(), "y".into()])
            ),
            broken("a[1]", Rule::AppliedAsPlanned)
        );
        let map = Type::Map(Box::new(Type::String));
        assert_eq!(
            judge(&map, object([("k", "x".into())]), object([("l", "x".into())])),
            [
                broken("a", Rule::AppliedElements),
                broken("a", Rule::AppliedElements)
            ]
            .concat()
        );
        assert_eq!(
            judge(&map, object([("k", "x".into())]), object([("k", "y".into())])),
            broken(r#"a["k"]"#, Rule::AppliedAsPlanned)
        );
    }
}
