//! What a plan changes, for a message.

use crate::rules::{hides, is_hidden};
use crate::schema::Block;
use crate::testing::{PlannedChange, value_to_json};

/// Each attribute and block at the root that a plan changes, as a line. Sensitive values are not quoted.
pub(super) fn differences(block: &Block, change: &PlannedChange) -> Vec<String> {
    let line = |name: &str, hidden: bool| {
        let (prior, planned) = (change.prior.attribute(name), change.planned.attribute(name));
        if prior == planned {
            return None;
        }
        Some(if hidden {
            format!("{name}: differs, and is sensitive")
        } else {
            format!("{name}: {} → {}", value_to_json(prior), value_to_json(planned))
        })
    };
    let attributes = block
        .attributes
        .iter()
        .filter_map(|one| line(&one.name, is_hidden(one)));
    let blocks = block
        .blocks
        .iter()
        .filter_map(|one| line(&one.name, hides(&one.block)));
    attributes.chain(blocks).collect()
}
