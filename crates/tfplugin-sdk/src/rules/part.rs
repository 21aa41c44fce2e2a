//! Parts of values of which the whole may be null or unknown.

use crate::schema::{Attribute, AttributeType, Block};
use crate::value::{Type, Value};

/// The named attribute of an object: null of a null object, unknown of an unknown one.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> &'a Value {
    match object {
        Value::Unknown(_) => &Value::UNKNOWN,
        object => object.attribute(name),
    }
}

/// The element at `index`, null if there is none.
pub(super) fn element(sequence: &Value, index: usize) -> &Value {
    match sequence {
        Value::Sequence(elements) => elements.get(index).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

/// A value and its type, taken out of a dynamic value if it is in one.
pub(super) fn open<'a>(value: &'a Value, ty: &'a Type) -> (&'a Value, &'a Type) {
    match value {
        Value::Dynamic(typed) => (&typed.value, &typed.ty),
        value => (value, ty),
    }
}

/// Whether messages must not quote the attribute's value.
pub(crate) fn is_hidden(attribute: &Attribute) -> bool {
    let within = match &attribute.ty {
        AttributeType::Plain(_) => false,
        AttributeType::Nested { attributes, .. } => attributes.iter().any(is_hidden),
    };
    within || attribute.sensitive || attribute.usage == crate::schema::Usage::WriteOnly
}

/// Whether messages must not quote a whole block.
pub(crate) fn hides(block: &Block) -> bool {
    block.attributes.iter().any(is_hidden) || block.blocks.iter().any(|nested| hides(&nested.block))
}
