//! Makes random configurations keep the rules between attributes that the schema knows. Most would break one of them, and a
//! test would draw and discard for most of its time.

use crate::schema::{Block, BlockNesting, Content, Relation, RelationKind, Usage, objects_mut};
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
            for one in objects_mut(shape, value) {
                object(inner, one);
            }
        }
    }
    for nested in content.blocks {
        if let Some(value) = members.get_mut(&nested.name) {
            for one in objects_mut(nested.shape(), value) {
                object(nested.block.content(), one);
            }
        }
    }
}

fn keep(relation: &Relation, content: Content<'_>, value: &mut Value) {
    // What is elsewhere may be gone when it is looked at.
    if relation.members.iter().any(|member| member.contains(['.', '/'])) {
        return;
    }
    let set = relation.members.iter().filter(|name| content.sets(name, value));
    let set: Vec<&str> = set.copied().collect();
    let complete = set.len() == relation.members.len();
    let surplus = match relation.kind {
        RelationKind::Conflict | RelationKind::ExactlyOne => set.get(1..).unwrap_or_default(),
        RelationKind::Together | RelationKind::Version if !complete => &set,
        RelationKind::Needs if !complete && set.first() == relation.members.first() => &set[..1],
        _ => &[],
    };
    let Value::Mapping(members) = value else { return };
    for name in surplus {
        if let Some(value) = members.get_mut(*name) {
            unset(content, name, value);
        }
    }
}

/// Leaves a member out, unless it must be there.
fn unset(content: Content<'_>, name: &str, value: &mut Value) {
    match (content.attribute(name), content.block(name)) {
        (Some(attribute), _) if attribute.usage != Usage::Required => *value = Value::Null,
        (None, Some(nested)) if nested.count.minimum == 0 && nested.nesting != BlockNesting::Group => {
            *value = nested.none();
        }
        _ => {}
    }
}
