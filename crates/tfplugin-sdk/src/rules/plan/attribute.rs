//! Rules 1 and 2: an attribute is planned as configured, as it was, or, if it is computed and not configured, at will.

use super::{Sides, nested};
use crate::path::Path;
use crate::rules::equality::same;
use crate::rules::part::is_hidden;
use crate::rules::show::show;
use crate::rules::{Rule, Violation};
use crate::schema::{Attribute, AttributeType, Usage};

pub(super) fn check(attribute: &Attribute, sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    let Sides {
        config,
        prior,
        planned,
    } = sides;
    let ty = attribute.ty.ty();
    let unchanged = !prior.is_null() && !config.is_null() && same(planned, prior, &ty);
    let free = match attribute.usage {
        // That it is null is another rule.
        Usage::WriteOnly | Usage::Computed => true,
        Usage::OptionalComputed => config.is_null(),
        Usage::Required | Usage::Optional => false,
    };
    if free || unchanged || same(planned, config, &ty) {
        return;
    }
    let hidden = is_hidden(attribute);
    if config.is_null() && !planned.is_null() {
        let message = if hidden {
            "the attribute is neither configured nor computed, and planned with a sensitive value".to_owned()
        } else {
            format!(
                "the attribute is neither configured nor computed, and planned as {}",
                show(planned)
            )
        };
        found.push(Violation::new(path, Rule::PlannedNullWhereUnset, message));
        return;
    }
    if let AttributeType::Nested { nesting, attributes } = &attribute.ty {
        return nested::check(*nesting, attributes, sides, path, found);
    }
    let message = match (hidden, prior.is_null()) {
        (true, _) => {
            "the planned value, which is sensitive, is neither the configured nor the prior one".to_owned()
        }
        (false, true) => format!("configured as {}, planned as {}", show(config), show(planned)),
        (false, false) => format!(
            "configured as {}, before it was {}, and planned as {}",
            show(config),
            show(prior),
            show(planned)
        ),
    };
    found.push(Violation::new(path, Rule::PlannedAsConfigured, message));
}

#[cfg(test)]
mod tests {
    use crate::rules::sample::{block, resource};
    use crate::rules::{Rule, Violation, plan};
    use crate::value::{Type, Value};

    fn judge(name: &str, config: Value, prior: Value, planned: Value) -> Vec<Violation> {
        let [config, prior, planned] = [config, prior, planned].map(|value| resource([(name, value)]));
        plan(&block(), &config, &prior, &planned)
    }

    #[test]
    fn rule_1_a_configured_value_is_planned_or_stays_as_it_was() {
        assert_eq!(judge("note", "a".into(), "b".into(), "a".into()), []);
        assert_eq!(judge("note", "a".into(), "b".into(), "b".into()), []);
        assert_eq!(judge("note", Value::UNKNOWN, "b".into(), Value::UNKNOWN), []);
        let found = judge("note", "a".into(), "b".into(), "c".into());
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedAsConfigured));
        assert_eq!(
            found[0].message,
            r#"configured as "a", before it was "b", and planned as "c""#
        );
        let found = judge("note", "a".into(), Value::Null, Value::UNKNOWN);
        assert_eq!(found[0].message, r#"configured as "a", planned as unknown"#);
        let found = judge("note", Value::UNKNOWN, Value::Null, "a".into());
        assert_eq!(found[0].rule, Rule::PlannedAsConfigured);
    }

    #[test]
    fn rule_1_holds_for_the_type_of_a_dynamic_value() {
        let number = || Value::dynamic(Type::Number, 1.into());
        let text = Value::dynamic(Type::String, "1".into());
        assert_eq!(judge("spec", number(), Value::Null, number()), []);
        assert_eq!(
            judge("spec", number(), Value::Null, text)[0].rule,
            Rule::PlannedAsConfigured
        );
    }

    #[test]
    fn rule_1_is_not_for_computed_values_that_are_not_configured() {
        for planned in [Value::Null, Value::UNKNOWN, 3.into()] {
            assert_eq!(judge("size", Value::Null, 1.into(), planned), []);
        }
        assert_eq!(judge("id", Value::Null, "a".into(), "b".into()), []);
        let found = judge("size", 2.into(), 1.into(), 3.into());
        assert_eq!(found[0].rule, Rule::PlannedAsConfigured);
    }

    #[test]
    fn rule_2_what_is_not_configured_and_not_computed_is_null() {
        assert_eq!(judge("note", Value::Null, "a".into(), Value::Null), []);
        let found = judge("note", Value::Null, "a".into(), "a".into());
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedNullWhereUnset));
    }

    #[test]
    fn sensitive_values_are_not_quoted() {
        for (config, rule) in [
            ("old".into(), Rule::PlannedAsConfigured),
            (Value::Null, Rule::PlannedNullWhereUnset),
        ] {
            let found = judge("token", config, Value::Null, "hunter2".into());
            assert_eq!((found.len(), found[0].rule), (1, rule));
            assert!(!found[0].message.contains("hunter2"), "{}", found[0].message);
        }
    }
}
