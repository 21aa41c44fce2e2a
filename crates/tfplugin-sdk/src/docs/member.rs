//! One attribute or block as a page lists it.

use crate::schema::{
    Attribute, AttributeType, Block, BlockNesting, Count, DefaultValue, NestedBlock, Nesting, Relation,
    Replace, Usage,
};
use crate::value::{Type, to_json};

/// Where a member is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Required,
    Optional,
    ReadOnly,
}

/// One attribute or block.
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) group: Group,
    /// Its type and what is special about it.
    pub(super) marks: Vec<String>,
    /// Everything that there is to say about it, in Markdown.
    pub(super) text: String,
    pub(super) nested: Option<Nested<'a>>,
}

/// What is inside a member.
pub(super) struct Nested<'a> {
    /// The first part of the anchor of its section, as `tfplugindocs` has it: links from elsewhere rely on it.
    pub(super) anchor: &'static str,
    pub(super) members: Vec<Member<'a>>,
}

/// The attributes and blocks of a block, sorted by name as in the registries.
pub(super) fn members(block: &Block) -> Vec<Member<'_>> {
    let attributes = block.attributes.iter().map(Member::from);
    sorted(attributes.chain(block.blocks.iter().map(Member::from)))
}

fn sorted<'a>(members: impl Iterator<Item = Member<'a>>) -> Vec<Member<'a>> {
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|member| member.name);
    members
}

impl<'a> From<&'a Attribute> for Member<'a> {
    fn from(attribute: &'a Attribute) -> Self {
        Self {
            name: &attribute.name,
            group: match attribute.usage {
                Usage::Required => Group::Required,
                Usage::Optional | Usage::OptionalComputed | Usage::WriteOnly => Group::Optional,
                Usage::Computed => Group::ReadOnly,
            },
            marks: marks(attribute),
            text: text(attribute),
            nested: match &attribute.ty {
                AttributeType::Plain(_) => None,
                AttributeType::Nested { attributes, .. } => Some(Nested {
                    anchor: "nestedatt",
                    members: sorted(attributes.iter().map(Member::from)),
                }),
            },
        }
    }
}

impl<'a> From<&'a NestedBlock> for Member<'a> {
    fn from(nested: &'a NestedBlock) -> Self {
        Self {
            name: &nested.name,
            group: if nested.count.minimum > 0 {
                Group::Required
            } else {
                Group::Optional
            },
            marks: block_marks(nested),
            text: block_text(nested),
            nested: Some(Nested {
                anchor: "nestedblock",
                members: members(&nested.block),
            }),
        }
    }
}

/// The kind and the number of blocks, as `tfplugindocs` has them.
fn block_marks(nested: &NestedBlock) -> Vec<String> {
    let kind = match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => "Block",
        BlockNesting::List => "Block List",
        BlockNesting::Set => "Block Set",
        BlockNesting::Map => "Block Map",
    };
    let mut marks = vec![kind.to_owned()];
    match (nested.nesting, nested.count) {
        (BlockNesting::Single, Count { minimum: 0, .. }) | (BlockNesting::Group, _) => {
            marks.push("Optional".to_owned());
        }
        (BlockNesting::Single, _) => {}
        (_, Count { minimum, maximum }) => {
            marks.extend((minimum > 0).then(|| format!("Min: {minimum}")));
            marks.extend(maximum.map(|maximum| format!("Max: {maximum}")));
        }
    }
    marks
}

fn marks(attribute: &Attribute) -> Vec<String> {
    let kind = match &attribute.ty {
        AttributeType::Plain(ty) => type_name(ty),
        AttributeType::Nested { nesting, .. } => match nesting {
            Nesting::Single => "Attributes".to_owned(),
            Nesting::List => "Attributes List".to_owned(),
            Nesting::Set => "Attributes Set".to_owned(),
            Nesting::Map => "Attributes Map".to_owned(),
        },
    };
    let flags = [
        (attribute.sensitive, "Sensitive"),
        (attribute.usage == Usage::WriteOnly, "Write-only"),
        (attribute.deprecated.is_some(), "Deprecated"),
    ];
    let flags = flags
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, flag)| flag.to_owned());
    std::iter::once(kind).chain(flags).collect()
}

/// The type in words.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Object(attributes) => {
            let attributes: Vec<_> = attributes
                .iter()
                .map(|(name, ty)| format!("`{name}`: {}", type_name(ty)))
                .collect();
            format!("Object {{{}}}", attributes.join(", "))
        }
        Type::Tuple(elements) => {
            let elements: Vec<_> = elements.iter().map(type_name).collect();
            format!("Tuple [{}]", elements.join(", "))
        }
    }
}

/// The description, and what the schema knows beyond it.
fn text(attribute: &Attribute) -> String {
    let validators = attribute.validators.iter().map(|validator| validator.expected());
    let expectations = attribute.expected.clone().into_iter().chain(validators);
    let mut facts: Vec<_> = expectations.map(|expected| rule(&expected)).collect();
    match &attribute.default {
        Some(DefaultValue::Fixed(value)) => {
            let default = to_json(value, &attribute.ty.ty());
            facts.extend(default.map(|default| format!("Default: `{default}`.")));
        }
        Some(DefaultValue::With(_)) => {
            facts.push("The default follows from the rest of the configuration.".to_owned());
        }
        None => {}
    }
    facts.extend(sentences(&attribute.name, &attribute.relations));
    if attribute.usage == Usage::WriteOnly {
        facts.push("Needs Terraform or OpenTofu 1.11 or later.".to_owned());
    }
    match attribute.replace {
        Replace::Never => {}
        Replace::Always => facts.push("Changing this replaces the resource.".to_owned()),
        Replace::If(_) => facts.push("Some changes of this replace the resource.".to_owned()),
    }
    facts.extend(attribute.deprecated.as_deref().map(deprecation));
    append(&attribute.description, &facts.join(" "))
}

fn block_text(nested: &NestedBlock) -> String {
    let mut facts: Vec<_> = sentences(&nested.name, &nested.relations).collect();
    facts.extend(nested.block.deprecated.as_deref().map(deprecation));
    append(&nested.block.description, &facts.join(" "))
}

fn sentences(name: &str, relations: &[Relation]) -> impl Iterator<Item = String> {
    relations
        .iter()
        .filter_map(move |relation| relation.sentence(name))
}

/// Why something should not be used any more.
pub(super) fn deprecation(reason: &str) -> String {
    format!("**Deprecated:** {reason}")
}

/// The end of "The value must be …" as a sentence.
fn rule(expected: &str) -> String {
    expected.strip_prefix("not ").map_or_else(
        || format!("Must be {expected}."),
        |unwanted| format!("Must not be {unwanted}."),
    )
}

/// Adds a sentence. A text of several paragraphs may end in a list or in code, so it gets a paragraph of its own there.
pub(super) fn append(text: &str, sentence: &str) -> String {
    match (text, sentence) {
        (text, "") => text.to_owned(),
        ("", sentence) => sentence.to_owned(),
        (text, sentence) if text.contains("\n\n") => format!("{text}\n\n{sentence}"),
        (text, sentence) => format!("{text} {sentence}"),
    }
}
