//! A schema with everything in it, for the tests of the rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Block, BlockGroup, BlockList, BlockMap, BlockSet, Computed, Dynamic, Members, Optional, OptionalComputed,
    Required, Sensitive, Set, WriteOnly,
};
use crate::schema;
use crate::value::Value;

/// A resource.
#[derive(Clone, crate::Object)]
struct Sample {
    /// Required.
    name: Required<String>,
    /// Optional.
    note: Optional<String>,
    /// Computed.
    id: Computed<String>,
    /// Both.
    size: OptionalComputed<i64>,
    /// Sensitive.
    token: Optional<Sensitive<String>>,
    /// Write-only.
    password: WriteOnly<String>,
    /// A set.
    tags: Optional<BTreeSet<String>>,
    /// A list.
    steps: OptionalComputed<Vec<String>>,
    /// A map.
    labels: OptionalComputed<BTreeMap<String, String>>,
    /// Anything.
    spec: Optional<Dynamic>,
    /// One nested object.
    owner: Optional<Owner>,
    /// A list of nested objects.
    owners: Optional<Vec<Owner>>,
    /// A map of nested objects.
    teams: Optional<BTreeMap<String, Owner>>,
    /// Once.
    limit: Block<Limit>,
    /// Any number of times.
    rule: BlockList<Limit>,
    /// Nested objects in no order.
    guests: Optional<Set<Owner>>,
    /// In no order.
    place: BlockSet<Owner>,
    /// By label.
    port: BlockMap<Owner>,
    /// Always.
    policy: BlockGroup<Owner>,
}

/// A nested object.
#[derive(Clone, crate::Object)]
struct Owner {
    /// Required.
    name: Required<String>,
    /// Computed.
    id: Computed<String>,
}

/// A nested block.
#[derive(Clone, crate::Object)]
struct Limit {
    /// Optional.
    most: Optional<i64>,
    /// Computed.
    left: Computed<i64>,
    /// Write-only.
    key: WriteOnly<String>,
}

pub(crate) fn block() -> schema::Block {
    Sample::block()
}

/// An object of which all other attributes are null, and blocks of type `rule` absent.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Mapping(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A whole resource named `x`, with what else is given, and without blocks unless they are given.
pub(crate) fn resource<const N: usize>(members: [(&str, Value); N]) -> Value {
    let Value::Mapping(given) = object(members) else {
        return Value::Null;
    };
    let mut whole = BTreeMap::from([
        ("name".to_owned(), "x".into()),
        ("rule".to_owned(), list([])),
        ("place".to_owned(), list([])),
        ("port".to_owned(), object([])),
        ("policy".to_owned(), object([])),
    ]);
    whole.extend(given);
    Value::Mapping(whole)
}

pub(crate) fn list<const N: usize>(elements: [Value; N]) -> Value {
    Value::Sequence(elements.into())
}
