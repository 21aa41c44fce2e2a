//! Rule 35: what a function returns follows from its arguments, and is known where they are.

use super::{Rule, Violation};
use crate::path::Path;
use crate::value::Value;

/// Judges the `result` of a call, and that of the same call `again`; `unknown` is whether an argument was not wholly
/// known, which core passes only to parameters that allow it.
#[must_use]
pub fn function(result: &Value, again: &Value, unknown: bool) -> Vec<Violation> {
    let broken = |message: &str| vec![Violation::new(&Path::default(), Rule::Function, message)];
    if !unknown && !result.is_wholly_known() {
        broken("the result is not wholly known, and every argument is")
    } else if result != again {
        broken("the same call gives another result the second time")
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_35_results_follow_from_the_arguments() {
        let text = |text: &str| Value::from(text);
        assert_eq!(function(&text("a"), &text("a"), false), []);
        assert_eq!(function(&Value::UNKNOWN, &Value::UNKNOWN, true), []);
        for (result, again, unknown) in [
            (text("a"), text("b"), false),
            (text("a"), text("b"), true),
            (Value::UNKNOWN, Value::UNKNOWN, false),
        ] {
            assert_eq!(function(&result, &again, unknown)[0].rule, Rule::Function);
        }
    }
}
