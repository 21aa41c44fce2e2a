//! Rules 29 to 31: an identity is of its schema, known, and stays.

use super::conform::conform;
use super::known::known;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::{Block, Usage};
use crate::value::Value;

/// What is wrong with the identity of a thing that exists. `schema` is what is announced for the resource, if anything;
/// `before` is the identity that was stored, or null.
#[must_use]
pub fn identity(schema: Option<&Block>, before: &Value, now: &Value) -> Vec<Violation> {
    let found = planned_identity(schema, now);
    let (Some(schema), true) = (schema, found.is_empty() && !now.is_null()) else {
        return found;
    };
    let ty = schema.ty();
    let mut found = known(now, &ty, Rule::IdentityKnown);
    for attribute in &schema.attributes {
        if attribute.usage == Usage::Required && now.attribute(&attribute.name).is_null() {
            let path = Path::attribute(&attribute.name);
            let message = "it is null, and an import needs it";
            found.push(Violation::new(&path, Rule::IdentityKnown, message));
        }
    }
    if found.is_empty() && !before.is_null() && !now.equals(before, &ty) {
        let message = "the thing is the same, and its identity another one than before";
        found.push(Violation::new(&Path::default(), Rule::IdentityStable, message));
    }
    found
}

/// What is wrong with the identity of a thing that is to be created or replaced, of which parts may be unknown.
#[must_use]
pub fn planned_identity(schema: Option<&Block>, planned: &Value) -> Vec<Violation> {
    match schema {
        None if planned.is_null() => Vec::new(),
        None => {
            let message = "an identity is given, and no schema is announced for it";
            vec![Violation::new(
                &Path::default(),
                Rule::IdentityConforming,
                message,
            )]
        }
        Some(schema) => conform(planned, &schema.ty())
            .into_iter()
            .map(|violation| Violation {
                rule: Rule::IdentityConforming,
                ..violation
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{identity, planned_identity};
    use crate::rules::Rule;
    use crate::schema::Block;
    use crate::value::Value;

    /// What tells samples apart.
    #[derive(Clone, crate::Identity)]
    struct Sample {
        /// The name.
        name: crate::model::Required<String>,
        /// The folder.
        folder: crate::model::Optional<String>,
    }

    fn schema() -> Block {
        <Sample as crate::model::Members>::block()
    }

    fn named(name: impl Into<Value>) -> Value {
        Value::Mapping(
            [
                ("name".to_owned(), name.into()),
                ("folder".to_owned(), Value::Null),
            ]
            .into(),
        )
    }

    fn judge(before: &Value, now: &Value) -> Vec<(String, Rule)> {
        let found = identity(Some(&schema()), before, now).into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    #[test]
    fn rule_29_an_identity_is_known_and_complete() {
        assert_eq!(judge(&Value::Null, &named("a")), []);
        assert_eq!(judge(&Value::Null, &Value::Null), []);
        for gap in [Value::UNKNOWN, Value::Null] {
            let expected = [("name".to_owned(), Rule::IdentityKnown)];
            assert_eq!(judge(&Value::Null, &named(gap)), expected);
        }
        assert_eq!(planned_identity(Some(&schema()), &named(Value::UNKNOWN)), []);
    }

    #[test]
    fn rule_30_an_identity_is_of_its_schema() {
        let expected = [("name".to_owned(), Rule::IdentityConforming)];
        assert_eq!(judge(&Value::Null, &named(true)), expected);
        assert_eq!(identity(None, &Value::Null, &Value::Null), []);
        let found = identity(None, &Value::Null, &named("a"));
        assert_eq!((found.len(), found[0].rule), (1, Rule::IdentityConforming));
    }

    #[test]
    fn rule_31_an_identity_stays() {
        assert_eq!(judge(&named("a"), &named("a")), []);
        let expected = [(String::new(), Rule::IdentityStable)];
        assert_eq!(judge(&named("a"), &named("b")), expected);
    }
}
