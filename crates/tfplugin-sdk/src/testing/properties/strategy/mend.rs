//! Makes random configurations keep the rules between attributes that the schema knows. Most would break one of them, and a
//! test would draw and discard for most of its time.

use crate::schema::{Attribute, Block, Content, NestedBlock, Relation, RelationKind, Shape, Usage};
use crate::value::Value;

/// Takes out of `config` what must not be there beside something else. What is missing is not added.
pub(super) fn mend(block: &Block, mut config: Value) -> Value {
    object(block.content(), &mut config);
    config
}

fn object(content: Content<'_>, value: &mut Value) {
    let relations = content.attributes.iter().map(|attribute| &attribute.relations);
    let relations = relations.chain(content.blocks.iter().map(|nested| &nested.relations));
    for relation in relations.flatten() {
        keep(relation, content, value);
    }
    let Value::Mapping(members) = value else { return };
    for attribute in content.attributes {
        if let (Some((shape, inner)), Some(value)) =
            (attribute.ty.content(), members.get_mut(&attribute.name))
        {
            all(shape, inner, value);
        }
    }
    for nested in content.blocks {
        if let Some(value) = members.get_mut(&nested.name) {
            all(nested.shape(), nested.block.content(), value);
        }
    }
}

fn all(shape: Shape, content: Content<'_>, value: &mut Value) {
    match (shape, value) {
        (Shape::Object, value) => object(content, value),
        (_, Value::Sequence(elements)) => elements.iter_mut().for_each(|element| object(content, element)),
        (_, Value::Mapping(elements)) => elements.values_mut().for_each(|element| object(content, element)),
        _ => {}
    }
}

fn keep(relation: &Relation, content: Content<'_>, value: &mut Value) {
    // What is elsewhere may be gone when it is looked at.
    if relation.members.iter().any(|member| member.contains(['.', '/'])) {
        return;
    }
    let is_set = |name: &&&str| {
        let found = member(content, name);
        found.is_some_and(|member| member.is_set(value.attribute(name)))
    };
    let set: Vec<&str> = relation.members.iter().filter(is_set).copied().collect();
    let complete = set.len() == relation.members.len();
    let surplus = match relation.kind {
        RelationKind::Conflict | RelationKind::ExactlyOne => set.get(1..).unwrap_or_default(),
        RelationKind::Together | RelationKind::Version if !complete => &set,
        RelationKind::Needs if !complete && set.first() == relation.members.first() => &set[..1],
        _ => &[],
    };
    let Value::Mapping(members) = value else { return };
    for name in surplus {
        if let (Some(member), Some(value)) = (member(content, name), members.get_mut(*name)) {
            member.unset(value);
        }
    }
}

/// An attribute or a block.
enum Member<'a> {
    Attribute(&'a Attribute),
    Block(&'a NestedBlock),
}

fn member<'a>(content: Content<'a>, name: &str) -> Option<Member<'a>> {
    let attribute = content.attributes.iter().find(|attribute| attribute.name == name);
    let block = content.blocks.iter().find(|nested| nested.name == name);
    attribute.map(Member::Attribute).or(block.map(Member::Block))
}

impl Member<'_> {
    fn is_set(&self, value: &Value) -> bool {
        match self {
            Self::Attribute(_) => !value.is_null(),
            Self::Block(nested) => nested.stands_in(value),
        }
    }

    /// Takes it out, if a configuration may leave it out.
    fn unset(&self, value: &mut Value) {
        match (self, &value) {
            (Self::Attribute(attribute), _) if attribute.usage != Usage::Required => *value = Value::Null,
            (Self::Block(nested), _) if nested.count.minimum > 0 => {}
            (Self::Block(_), Value::Sequence(_)) => *value = Value::Sequence(Vec::new()),
            (Self::Block(nested), Value::Mapping(_)) if nested.shape() == Shape::Map => {
                *value = Value::Mapping(std::collections::BTreeMap::new());
            }
            (Self::Block(nested), _) if nested.nesting == crate::schema::BlockNesting::Single => {
                *value = Value::Null;
            }
            _ => {}
        }
    }
}
