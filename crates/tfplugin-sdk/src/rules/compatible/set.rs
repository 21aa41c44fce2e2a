//! Rule 17: the elements of a set have no names, so each must go with some element of the other side.

use super::value::check;
use crate::path::Path;
use crate::rules::equality::distinct;
use crate::rules::show::show;
use crate::rules::{Rule, Violation};
use crate::value::{Type, Value};

type Elements<'a> = (&'a [Value], &'a Type);

/// Where no completion of the planned set gives the actual one. Elements that were unknown may turn out equal, so a set
/// may have fewer elements than were planned, but never more.
pub(super) fn check_elements(
    (planned, planned_ty): Elements<'_>,
    (actual, actual_ty): Elements<'_>,
    path: &Path,
) -> Vec<Violation> {
    let completes =
        |before: &Value, after: &Value| check((before, planned_ty), (after, actual_ty), path).is_empty();
    correlated((planned, planned_ty), (actual, actual_ty), completes, false, path)
}

/// The same, where `completes` says what goes with what, and elements that are `hidden` are not quoted.
pub(super) fn correlated(
    (planned, planned_ty): Elements<'_>,
    (actual, actual_ty): Elements<'_>,
    completes: impl Fn(&Value, &Value) -> bool,
    hidden: bool,
    path: &Path,
) -> Vec<Violation> {
    let (planned, actual) = (distinct(planned, planned_ty), distinct(actual, actual_ty));
    let show = |value: &Value| {
        if hidden {
            "(which holds something sensitive)".to_owned()
        } else {
            show(value)
        }
    };
    let fail = |message: String| Violation::new(path, Rule::AppliedSet, message);
    let lost: Vec<_> = planned
        .iter()
        .filter(|before| !actual.iter().any(|after| completes(before, after)))
        .map(|before| {
            fail(format!(
                "the element {} was planned, and now there is none like it",
                show(before)
            ))
        })
        .collect();
    if !lost.is_empty() {
        return lost;
    }
    let added = actual
        .iter()
        .filter(|after| !planned.iter().any(|before| completes(before, after)))
        .map(|after| {
            fail(format!(
                "the element {} is like none that was planned",
                show(after)
            ))
        });
    let mut found: Vec<_> = added.collect();
    if actual.len() > planned.len() {
        let message = format!(
            "{} elements were planned, and now there are {}",
            planned.len(),
            actual.len()
        );
        found.push(Violation::new(path, Rule::AppliedElements, message));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check_elements;
    use crate::path::Path;
    use crate::rules::Rule;
    use crate::value::{Type, Value};

    fn judge(planned: &[Value], actual: &[Value]) -> Vec<Rule> {
        let found = check_elements(
            (planned, &Type::String),
            (actual, &Type::String),
            &Path::attribute("tags"),
        );
        found.into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn rule_17_elements_go_with_each_other_in_any_order() {
        assert_eq!(judge(&["a".into(), "b".into()], &["b".into(), "a".into()]), []);
        assert_eq!(
            judge(&["a".into(), Value::UNKNOWN], &["b".into(), "a".into()]),
            []
        );
        // The unknown one turned out to be the one that was there already.
        assert_eq!(judge(&["a".into(), Value::UNKNOWN], &["a".into()]), []);
    }

    #[test]
    fn rule_17_no_element_is_lost_or_added() {
        assert_eq!(
            judge(&["a".into(), "b".into()], &["a".into()]),
            [Rule::AppliedSet]
        );
        assert_eq!(
            judge(&["a".into()], &["a".into(), "b".into()]),
            [Rule::AppliedSet, Rule::AppliedElements]
        );
    }

    #[test]
    fn rule_16_a_set_does_not_grow() {
        let planned = [Value::UNKNOWN];
        assert_eq!(
            judge(&planned, &["a".into(), "b".into()]),
            [Rule::AppliedElements]
        );
    }
}
