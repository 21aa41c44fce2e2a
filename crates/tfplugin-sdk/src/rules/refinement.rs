//! Rule 13: what a plan promises of an unknown value binds whatever becomes of it.

use crate::value::{Bound, Refinements, Unknown, Value};

/// The promise that `actual` breaks, if there is one. A value that is still unknown breaks none.
pub(super) fn broken_promise(unknown: &Unknown, actual: &Value) -> Option<String> {
    let refinements = unknown.refinements()?;
    if actual.is_unknown() {
        return None;
    }
    match (refinements.null, actual.is_null()) {
        (Some(true), false) => return Some("to be null".to_owned()),
        (Some(false), true) => return Some("not to be null".to_owned()),
        _ => {}
    }
    match actual {
        Value::String(text) => {
            let prefix = refinements.string_prefix.as_deref()?;
            (!text.starts_with(prefix)).then(|| format!("to begin with {prefix:?}"))
        }
        Value::Number(_) => number(refinements, actual),
        Value::Sequence(elements) => length(refinements, elements.len()),
        Value::Mapping(elements) => length(refinements, elements.len()),
        _ => None,
    }
}

fn number(refinements: &Refinements, actual: &Value) -> Option<String> {
    let Value::Number(number) = actual else {
        return None;
    };
    let below = |bound: &&Bound| *number < bound.number || (*number == bound.number && !bound.inclusive);
    let above = |bound: &&Bound| *number > bound.number || (*number == bound.number && !bound.inclusive);
    let words = |bound: &Bound, end: &str| {
        let or_equal = if bound.inclusive { " or equal to" } else { "" };
        format!("to be {end}{or_equal} {}", bound.number)
    };
    let lower = refinements.number_lower.as_ref().filter(below);
    let upper = refinements.number_upper.as_ref().filter(above);
    lower
        .map(|bound| words(bound, "greater than"))
        .or_else(|| upper.map(|bound| words(bound, "less than")))
}

fn length(refinements: &Refinements, count: usize) -> Option<String> {
    let count = i64::try_from(count).ok()?;
    let lower = refinements.length_lower.filter(|least| count < *least);
    let upper = refinements.length_upper.filter(|most| count > *most);
    lower
        .map(|least| format!("to have at least {least} elements"))
        .or_else(|| upper.map(|most| format!("to have at most {most} elements")))
}

#[cfg(test)]
mod tests {
    use super::broken_promise;
    use crate::value::{Bound, Refinements, Unknown, Value};

    fn judge(refinements: &Refinements, actual: &Value) -> Option<String> {
        broken_promise(&Unknown::refined(refinements.clone()), actual)
    }

    #[test]
    fn rule_13_nullness() {
        let not_null = Refinements {
            null: Some(false),
            ..Refinements::default()
        };
        assert_eq!(judge(&not_null, &"x".into()), None);
        assert_eq!(judge(&not_null, &Value::UNKNOWN), None);
        assert_eq!(judge(&not_null, &Value::Null).as_deref(), Some("not to be null"));
        let null = Refinements {
            null: Some(true),
            ..Refinements::default()
        };
        assert_eq!(judge(&null, &Value::Null), None);
        assert_eq!(judge(&null, &"x".into()).as_deref(), Some("to be null"));
    }

    #[test]
    fn rule_13_bounds_of_numbers() {
        let bound = |number: i64, inclusive| {
            Some(Bound {
                number: number.into(),
                inclusive,
            })
        };
        let port = Refinements {
            number_lower: bound(0, false),
            number_upper: bound(65535, true),
            ..Refinements::default()
        };
        assert_eq!(judge(&port, &1.into()), None);
        assert_eq!(judge(&port, &65535.into()), None);
        assert_eq!(judge(&port, &0.into()).as_deref(), Some("to be greater than 0"));
        let most = Some("to be less than or equal to 65535");
        assert_eq!(judge(&port, &65536.into()).as_deref(), most);
    }

    #[test]
    fn rule_13_lengths_of_collections() {
        let two_to_three = Refinements {
            length_lower: Some(2),
            length_upper: Some(3),
            ..Refinements::default()
        };
        let list = |count| Value::Sequence(vec![Value::Null; count]);
        assert_eq!(judge(&two_to_three, &list(2)), None);
        assert_eq!(
            judge(&two_to_three, &list(1)).as_deref(),
            Some("to have at least 2 elements")
        );
        assert_eq!(
            judge(&two_to_three, &list(4)).as_deref(),
            Some("to have at most 3 elements")
        );
    }
}
