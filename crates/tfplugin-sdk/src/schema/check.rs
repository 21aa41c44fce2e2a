//! The rules that Terraform has for schemas, checked before it does: a broken schema is a bug of the provider.

use super::{Attribute, AttributeType, Block, Content, Nesting, Relation, Shape, Usage};
use crate::value::Type;

/// Names that Terraform keeps for itself at the root of a resource.
const RESERVED: [&str; 8] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
    "action",
];

/// Everything that is wrong with the root block of a schema, as sentences that name the attribute.
#[must_use]
pub fn check(block: &Block) -> Vec<String> {
    let mut problems = Vec::new();
    for name in names(block) {
        if RESERVED.contains(&name) {
            problems.push(format!("{name}: Terraform keeps this name for itself"));
        }
    }
    check_block(block, "", &mut problems);
    check_relations(block.content(), block.content(), "", &mut problems);
    problems
}

fn names(block: &Block) -> impl Iterator<Item = &str> {
    let blocks = block.blocks.iter().map(|nested| nested.name.as_str());
    block
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .chain(blocks)
}

pub(super) fn check_block(block: &Block, prefix: &str, problems: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    for name in names(block) {
        if !seen.insert(name) {
            problems.push(format!("{prefix}{name}: the name is used twice"));
        }
        check_name(name, prefix, problems);
    }
    for attribute in &block.attributes {
        check_attribute(attribute, prefix, problems);
    }
    for nested in &block.blocks {
        // Core sends such blocks as a tuple or an object with its type, which this SDK does not read.
        if nested.shape() != Shape::Object && holds_dynamic(&nested.block.ty()) {
            problems.push(format!(
                "{prefix}{}: a block that stands any number of times cannot hold dynamic attributes",
                nested.name
            ));
        }
        check_block(&nested.block, &format!("{prefix}{}.", nested.name), problems);
    }
}

/// Rules between members name members.
fn check_relations(content: Content<'_>, root: Content<'_>, prefix: &str, problems: &mut Vec<String>) {
    let mut check = |name: &str, relations: &[Relation]| {
        for relation in relations.iter().filter(|relation| relation.owner == name) {
            for stranger in relation.strangers(content, root) {
                problems.push(format!(
                    "{prefix}{name}: a rule names {stranger:?}, which the schema does not have"
                ));
            }
        }
    };
    for attribute in content.attributes {
        check(&attribute.name, &attribute.relations);
    }
    for nested in content.blocks {
        check(&nested.name, &nested.relations);
    }
    for attribute in content.attributes {
        if let Some((_, inner)) = attribute.ty.content() {
            check_relations(inner, root, &format!("{prefix}{}.", attribute.name), problems);
        }
    }
    for nested in content.blocks {
        let prefix = format!("{prefix}{}.", nested.name);
        check_relations(nested.block.content(), root, &prefix, problems);
    }
}

fn check_name(name: &str, prefix: &str, problems: &mut Vec<String>) {
    let valid = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !valid {
        problems.push(format!(
            "{prefix}{name}: a name holds lowercase letters, digits and underscores only"
        ));
    }
}

fn check_attribute(attribute: &Attribute, prefix: &str, problems: &mut Vec<String>) {
    let name = format!("{prefix}{}", attribute.name);
    if attribute.description.is_empty() {
        problems.push(format!("{name}: the description is missing"));
    }
    if attribute.default.is_some() && attribute.usage != Usage::OptionalComputed {
        problems.push(format!(
            "{name}: a default needs an attribute that is optional and computed"
        ));
    }
    for problem in attribute
        .validators
        .iter()
        .filter_map(|validator| validator.problem())
    {
        problems.push(format!("{name}: {problem}"));
    }
    if attribute.default.is_some() && computes(attribute) {
        problems.push(format!(
            "{name}: a default cannot be an object with computed attributes, which it would fix as well"
        ));
    }
    match &attribute.ty {
        AttributeType::Plain(ty) => check_plain(&name, ty, problems),
        AttributeType::Nested { nesting, attributes } => {
            for nested in attributes {
                check_name(&nested.name, &format!("{name}."), problems);
                check_attribute(nested, &format!("{name}."), problems);
                if *nesting != Nesting::Single && holds_dynamic(&nested.ty.ty()) {
                    problems.push(format!(
                        "{name}.{}: a collection cannot hold dynamic attributes",
                        nested.name
                    ));
                }
            }
        }
    }
}

/// Whether there are computed attributes in the attribute.
fn computes(attribute: &Attribute) -> bool {
    let within = attribute
        .ty
        .content()
        .map_or(&[][..], |(_, content)| content.attributes);
    within
        .iter()
        .any(|inner| inner.usage.is_computed() || computes(inner))
}

fn check_plain(name: &str, ty: &Type, problems: &mut Vec<String>) {
    if *ty != Type::Dynamic && holds_dynamic(ty) {
        problems.push(format!("{name}: a dynamic type cannot be inside {ty}"));
    }
}

fn holds_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => holds_dynamic(element),
        Type::Object(attributes) => attributes.values().any(holds_dynamic),
        Type::Tuple(elements) => elements.iter().any(holds_dynamic),
        Type::Bool | Type::Number | Type::String => false,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::model::{Block, Computed, Dynamic, Members, Optional, OptionalComputed};
    use crate::schema::{BlockNesting, DefaultValue};
    use crate::value::Value;

    /// Some.
    #[derive(Clone, crate::Object)]
    struct Anything {
        /// Anything.
        spec: Optional<Dynamic>,
    }

    /// One.
    #[derive(Clone, crate::Object)]
    struct One {
        /// It.
        some: Block<Anything>,
    }

    #[test]
    fn a_repeated_block_holds_nothing_dynamic() {
        let mut block = One::block();
        assert_eq!(check(&block), Vec::<String>::new());
        let problem = "some: a block that stands any number of times cannot hold dynamic attributes";
        for nesting in [BlockNesting::List, BlockNesting::Set, BlockNesting::Map] {
            block.blocks[0].nesting = nesting;
            assert_eq!(check(&block), [problem]);
        }
    }

    /// A part.
    #[derive(Clone, crate::Object)]
    struct Part {
        /// A number.
        id: Computed<String>,
    }

    /// A whole.
    #[derive(Clone, crate::Object)]
    struct Whole {
        /// A part.
        part: OptionalComputed<Part>,
    }

    #[test]
    fn a_default_leaves_nothing_to_compute() {
        let mut block = Whole::block();
        assert_eq!(check(&block), Vec::<String>::new());
        block.attributes[0].default = Some(DefaultValue::Fixed(Value::Null));
        assert!(check(&block)[0].contains("computed attributes"));
    }
}
