//! What a plan changes, for a message.

use crate::rules::{hides, is_hidden};
use crate::schema::Block;
use crate::testing::{PlannedChange, value_to_json};
use crate::value::{Type, Value};

/// Each attribute and block at the root that a plan changes, as a line. Sensitive values are not quoted.
pub(super) fn differences(block: &Block, change: &PlannedChange) -> Vec<String> {
    difference(block, &change.prior, &change.planned)
}

/// Each attribute and block at the root in which two values of a block differ, as a line. Sensitive values are not quoted.
pub(in crate::testing) fn difference(block: &Block, before: &Value, after: &Value) -> Vec<String> {
    let line = |name: &str, ty: &Type, hidden: bool| {
        let (before, after) = (before.attribute(name), after.attribute(name));
        if before.equals(after, ty) {
            return None;
        }
        Some(if hidden {
            format!("{name}: differs, and is sensitive")
        } else {
            format!("{name}: {} → {}", value_to_json(before), value_to_json(after))
        })
    };
    let attributes = block
        .attributes
        .iter()
        .filter_map(|one| line(&one.name, &one.ty.ty(), is_hidden(one)));
    let blocks = block
        .blocks
        .iter()
        .filter_map(|one| line(&one.name, &one.ty(), hides(&one.block)));
    attributes.chain(blocks).collect()
}
