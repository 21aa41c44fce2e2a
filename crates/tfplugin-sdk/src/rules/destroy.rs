//! Rule 11: a destruction is planned as null.

use super::{Rule, Violation};
use crate::path::Path;
use crate::value::Value;

/// What is wrong with the plan of a destruction.
#[must_use]
pub fn destroy_plan(planned: &Value) -> Vec<Violation> {
    if planned.is_null() {
        return Vec::new();
    }
    let message = "it is to be destroyed, and an object is planned";
    vec![Violation::new(
        &Path::default(),
        Rule::DestroyPlannedNull,
        message,
    )]
}

#[cfg(test)]
mod tests {
    use super::destroy_plan;
    use crate::rules::Rule;
    use crate::rules::sample::resource;
    use crate::value::Value;

    #[test]
    fn rule_11_nothing_is_planned_to_remain() {
        assert_eq!(destroy_plan(&Value::Null), []);
        assert_eq!(destroy_plan(&resource([]))[0].rule, Rule::DestroyPlannedNull);
    }
}
