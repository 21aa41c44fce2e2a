//! Schemas of what takes arguments and gives nothing back: actions, state stores and list resources.

use super::check::check_block;
use super::{Attribute, AttributeType, Block, Usage};

/// Everything that is wrong with the schema of an action, as sentences that name the attribute.
///
/// Its attributes stand in a block of their own, so that Terraform keeps no name for itself.
#[must_use]
pub fn check_action(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    check_block(block, "", &mut problems);
    visit(block, "", &mut |name, attribute| {
        if attribute.usage.is_computed() {
            problems.push(format!(
                "{name}: an action has no result, so that nothing of it is computed"
            ));
        }
    });
    problems
}

/// Everything that is wrong with the schema of a state store, as sentences that name the attribute.
#[must_use]
pub fn check_state_store(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    // The one block that Terraform itself has in a `state_store` block.
    let taken = block
        .attributes
        .iter()
        .any(|attribute| attribute.name == "provider");
    if taken || block.blocks.iter().any(|nested| nested.name == "provider") {
        problems.push("provider: Terraform keeps this name for itself".to_owned());
    }
    check_block(block, "", &mut problems);
    visit(block, "", &mut |name, attribute| {
        if attribute.usage.is_computed() {
            problems.push(format!(
                "{name}: a state store has no result, so that nothing of it is computed"
            ));
        } else if attribute.usage == Usage::WriteOnly {
            problems.push(format!(
                "{name}: Terraform stores the configuration of a state store, so that nothing of it is write-only"
            ));
        }
    });
    problems
}

/// Everything that is wrong with the schema of a list resource, as sentences that name the attribute.
///
/// Its attributes stand in a block of their own, so that Terraform keeps no name for itself.
#[must_use]
pub fn check_list(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    check_block(block, "", &mut problems);
    visit(block, "", &mut |name, attribute| {
        if attribute.usage.is_computed() || attribute.usage == Usage::WriteOnly {
            problems.push(format!(
                "{name}: a query is required or optional in all its parts: nothing is computed, stored or write-only"
            ));
        }
    });
    problems
}

fn visit(block: &Block, prefix: &str, see: &mut impl FnMut(&str, &Attribute)) {
    visit_attributes(&block.attributes, prefix, see);
    for nested in &block.blocks {
        visit(&nested.block, &format!("{prefix}{}.", nested.name), see);
    }
}

fn visit_attributes(attributes: &[Attribute], prefix: &str, see: &mut impl FnMut(&str, &Attribute)) {
    for attribute in attributes {
        let name = format!("{prefix}{}", attribute.name);
        see(&name, attribute);
        if let AttributeType::Nested { attributes, .. } = &attribute.ty {
            visit_attributes(attributes, &format!("{name}."), see);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_action, check_state_store};
    use crate::model::{BlockList, Computed, Members, Optional, OptionalComputed, WriteOnly};

    /// A part.
    #[derive(Clone, crate::Object)]
    struct Part {
        /// Something computed.
        id: Computed<String>,
        /// Something hidden.
        key: WriteOnly<String>,
        /// Something with a default.
        size: OptionalComputed<i64>,
    }

    /// A whole.
    #[derive(Clone, crate::Object)]
    struct Whole {
        /// A nested attribute.
        part: Optional<Part>,
        /// Blocks.
        parts: BlockList<Part>,
    }

    #[test]
    fn nothing_of_an_action_is_computed() {
        let computed =
            |name: &str| format!("{name}: an action has no result, so that nothing of it is computed");
        assert_eq!(
            check_action(&Whole::block()),
            ["part.id", "part.size", "parts.id", "parts.size"].map(computed)
        );
    }

    #[test]
    fn nothing_of_a_state_store_is_computed_or_write_only() {
        let problems = check_state_store(&Whole::block());
        assert_eq!(problems.len(), 6, "{problems:?}");
        assert!(
            problems[0].starts_with("part.id: a state store has no result"),
            "{problems:?}"
        );
        assert!(
            problems[1].starts_with("part.key: Terraform stores"),
            "{problems:?}"
        );
    }

    #[test]
    fn names_are_kept_where_they_meet_those_of_terraform() {
        /// Arguments.
        #[derive(Clone, crate::Object)]
        struct Arguments {
            /// Of which provider.
            provider: Optional<String>,
            /// How many.
            count: Optional<i64>,
        }
        assert_eq!(check_action(&Arguments::block()), [""; 0]);
        assert_eq!(
            check_state_store(&Arguments::block()),
            ["provider: Terraform keeps this name for itself"]
        );
    }
}
