//! Rule 36: a query gives things with their identity, as many as are asked for, and whole where that is asked for.

use super::identity::identity;
use super::read::stored;
use super::{Rule, Violation};
use crate::path::{Path, Step};
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with what a query found: the identity and, where it was asked for, the state of each thing. `block` and
/// `schema` are those of the resource and of its identity.
#[must_use]
pub fn list(
    block: &Block,
    schema: Option<&Block>,
    limit: usize,
    with_resource: bool,
    things: &[(Value, Option<Value>)],
) -> Vec<Violation> {
    if things.len() > limit {
        let message = format!(
            "{limit} things are asked for at most, and {} are told",
            things.len()
        );
        return vec![Violation::new(&Path::default(), Rule::List, message)];
    }
    let judge = |(index, thing): (i64, &(Value, Option<Value>))| {
        let found = thing_of(block, schema, with_resource, thing).into_iter();
        found.map(move |violation| Violation {
            path: violation.path.within(Step::Index(index)),
            ..violation
        })
    };
    (0..).zip(things).flat_map(judge).collect()
}

fn thing_of(
    block: &Block,
    schema: Option<&Block>,
    with_resource: bool,
    (told, state): &(Value, Option<Value>),
) -> Vec<Violation> {
    let broken = |message: &str| vec![Violation::new(&Path::default(), Rule::List, message)];
    if told.is_null() {
        return broken("the thing has no identity");
    }
    let mut found = identity(schema, &Value::Null, told);
    match state {
        Some(_) if !with_resource => found.extend(broken("the whole thing is told, and nobody asked for it")),
        Some(state) if !state.is_null() => found.extend(stored(block, state, Rule::List)),
        _ if with_resource => found.extend(broken("the whole thing is asked for, and it is missing")),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::schema::Block;
    use crate::value::Value;

    /// What tells samples apart.
    #[derive(Clone, crate::Identity)]
    struct Sample {
        /// The name.
        name: crate::model::Required<String>,
    }

    fn schema() -> Block {
        <Sample as crate::model::Members>::block()
    }

    fn named(name: impl Into<Value>) -> Value {
        Value::Mapping([("name".to_owned(), name.into())].into())
    }

    fn judge(limit: usize, with_resource: bool, things: &[(Value, Option<Value>)]) -> Vec<Rule> {
        let found = list(&block(), Some(&schema()), limit, with_resource, things);
        found.into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn rule_36_things_with_an_identity() {
        let whole = resource([("id", "1".into())]);
        assert_eq!(judge(1, false, &[(named("a"), None)]), []);
        assert_eq!(judge(1, true, &[(named("a"), Some(whole))]), []);
    }

    #[test]
    fn rule_36_anything_else_is_refused() {
        let whole = || Some(resource([("id", "1".into())]));
        let gap = Some(resource([("id", Value::UNKNOWN)]));
        for (with_resource, thing) in [
            (false, (Value::Null, None)),
            (false, (named("a"), whole())),
            (true, (named("a"), None)),
            (true, (named("a"), Some(Value::Null))),
            (true, (named("a"), gap)),
        ] {
            assert_eq!(
                judge(1, with_resource, std::slice::from_ref(&thing)),
                [Rule::List],
                "{thing:?}"
            );
        }
        assert_eq!(judge(0, false, &[(named("a"), None)]), [Rule::List]);
        assert_eq!(
            judge(1, false, &[(named(Value::UNKNOWN), None)]),
            [Rule::IdentityKnown]
        );
    }
}
