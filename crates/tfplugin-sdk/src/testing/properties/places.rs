//! Places in a configuration, named by paths such as `owner.name`: what stands behind a collection is meant of each of its
//! elements, and `tags[*]` is the first element of one.

use super::strategy::join;
use crate::schema::{Attribute, AttributeType, Block, Content, objects_mut};
use crate::value::{Type, Value};

/// What follows the path of a collection where its first element is meant.
const FIRST: &str = "[*]";

/// Every place that a configuration may set, blocks themselves left out.
pub(super) fn settable(block: &Block) -> Vec<String> {
    let mut found = Vec::new();
    collect(block.content(), "", &mut found);
    found
}

fn collect(content: Content<'_>, path: &str, found: &mut Vec<String>) {
    let settable = content
        .attributes
        .iter()
        .filter(|one| one.usage.is_configurable());
    for attribute in settable {
        let path = join(path, &attribute.name);
        found.push(path.clone());
        match attribute.ty.content() {
            Some((_, content)) => collect(content, &path, found),
            None if has_elements(attribute) => found.push(path + FIRST),
            None => {}
        }
    }
    for nested in content.blocks {
        collect(nested.block.content(), &join(path, &nested.name), found);
    }
}

fn has_elements(attribute: &Attribute) -> bool {
    let AttributeType::Plain(ty) = &attribute.ty else {
        return false;
    };
    !matches!(ty, Type::Bool | Type::Number | Type::String)
}

/// Puts `to` wherever `path` leads.
pub(super) fn put(content: Content<'_>, value: &mut Value, path: &str, to: &Value) {
    let (name, rest) = split(path);
    let (name, first) = match name.strip_suffix(FIRST) {
        Some(name) => (name, true),
        None => (name, false),
    };
    let Value::Mapping(members) = value else { return };
    let Some(member) = members.get_mut(name) else {
        return;
    };
    match rest {
        None if first => put_first(member, to),
        None => *member = to.clone(),
        Some(rest) => {
            if let Some((shape, content)) = content.inner(name) {
                for one in objects_mut(shape, member) {
                    put(content, one, rest, to);
                }
            }
        }
    }
}

fn put_first(collection: &mut Value, to: &Value) {
    match collection {
        Value::Sequence(elements) => elements
            .iter_mut()
            .take(1)
            .for_each(|element| *element = to.clone()),
        Value::Mapping(elements) => elements
            .values_mut()
            .take(1)
            .for_each(|element| *element = to.clone()),
        Value::Dynamic(typed) if matches!(typed.ty, Type::Tuple(_) | Type::Object(_)) => {
            put_first(&mut typed.value, to);
        }
        _ => {}
    }
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)))
}
