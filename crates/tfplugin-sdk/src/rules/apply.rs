//! Rules 13 to 22: what an apply may give, given what was planned.

use super::compatible::compatible;
use super::conform::conform;
use super::known::known;
use super::write_only::write_only;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the result of an apply without errors. `planned` is null for a destruction.
#[must_use]
pub fn apply(block: &Block, planned: &Value, actual: &Value) -> Vec<Violation> {
    let found = failed_apply(block, actual);
    if !found.is_empty() {
        return found;
    }
    match (planned.is_null(), actual.is_null()) {
        (true, true) => Vec::new(),
        (true, false) => {
            let message = "it was destroyed, and an object is still returned";
            vec![Violation::new(&Path::default(), Rule::DestroyedNull, message)]
        }
        (false, _) => compatible(block, planned, actual),
    }
}

/// What is wrong with the state that an apply leaves when it reports errors (rule 22): it need not be what was planned,
/// but it is stored, and so it must be possible to store it.
#[must_use]
pub fn failed_apply(block: &Block, actual: &Value) -> Vec<Violation> {
    let ty = block.ty();
    let mut found = conform(actual, &ty);
    found.extend(write_only(block, actual, Rule::AppliedWriteOnlyNull));
    found.extend(known(actual, &ty, Rule::AppliedKnown));
    found
}

#[cfg(test)]
mod tests {
    use super::{apply, failed_apply};
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    fn judge(planned: &Value, actual: &Value) -> Vec<(String, Rule)> {
        let found = apply(&block(), planned, actual).into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    fn broken(path: &str, rule: Rule) -> Vec<(String, Rule)> {
        vec![(path.to_owned(), rule)]
    }

    #[test]
    fn unknown_values_become_known_ones() {
        let planned = resource([("id", Value::UNKNOWN)]);
        assert_eq!(judge(&planned, &resource([("id", "1".into())])), []);
    }

    #[test]
    fn rule_8_a_result_is_of_the_type_of_the_schema() {
        let planned = resource([]);
        assert_eq!(
            judge(&planned, &resource([("id", true.into())])),
            broken("id", Rule::Conforming)
        );
    }

    #[test]
    fn rule_19_nothing_stays_unknown() {
        let planned = resource([("id", Value::UNKNOWN)]);
        assert_eq!(judge(&planned, &planned), broken("id", Rule::AppliedKnown));
    }

    #[test]
    fn rule_20_a_destroyed_object_is_null() {
        assert_eq!(judge(&Value::Null, &Value::Null), []);
        assert_eq!(
            judge(&Value::Null, &resource([])),
            broken("", Rule::DestroyedNull)
        );
    }

    #[test]
    fn rule_15_an_object_that_was_not_destroyed_is_there() {
        assert_eq!(
            judge(&resource([]), &Value::Null),
            broken("", Rule::AppliedExistence)
        );
    }

    #[test]
    fn rule_21_write_only_values_are_not_stored() {
        let actual = resource([("password", "hunter2".into())]);
        assert_eq!(
            judge(&resource([]), &actual),
            broken("password", Rule::AppliedWriteOnlyNull)
        );
    }

    #[test]
    fn rule_22_a_failed_apply_may_leave_anything_that_can_be_stored() {
        assert_eq!(
            failed_apply(&block(), &resource([("note", "half done".into())])),
            []
        );
        assert_eq!(failed_apply(&block(), &Value::Null), []);
        let found = failed_apply(&block(), &resource([("note", Value::UNKNOWN)]));
        assert_eq!((found.len(), found[0].rule), (1, Rule::AppliedKnown));
    }
}
