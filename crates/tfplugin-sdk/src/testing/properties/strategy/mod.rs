//! What a schema allows, as strategies.

mod mend;
mod number;
mod plain;
mod text;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use self::plain::Kind;
use crate::schema::{
    Attribute, AttributeType, Block, BlockNesting, Constraint, Content, NestedBlock, Shape, Usage,
};
use crate::testing::{Result, config};
use crate::value::{Type, Value};

/// A value; an error if the author's own strategy gives one that the schema does not have.
pub(super) type Drawn = Result<Value>;

/// A strategy for values.
pub(super) type Values = BoxedStrategy<Drawn>;

/// How many blocks of one name there are more than the fewest.
const EXTENT: usize = 2;

/// Configurations of a schema.
#[derive(Debug)]
pub(super) struct Configurations<'a> {
    pub(super) block: &'a Block,
    /// The author's own strategies, by the path of the member.
    pub(super) own: &'a BTreeMap<String, BoxedStrategy<Json>>,
}

impl Configurations<'_> {
    /// Any configuration. Most are tame, since providers refuse much of what is wild.
    pub(super) fn strategy(&self) -> Values {
        prop_oneof![3 => self.root(false), 1 => self.root(true)].boxed()
    }

    fn root(&self, wild: bool) -> Values {
        let block = self.block.clone();
        self.content(self.block.content(), "", wild)
            .prop_map(move |drawn| drawn.map(|value| mend::mend(&block, value)))
            .boxed()
    }

    fn content(&self, content: Content<'_>, path: &str, wild: bool) -> Values {
        let attributes = content.attributes.iter().map(|attribute| {
            let path = join(path, &attribute.name);
            (attribute.name.clone(), self.attribute(attribute, &path, wild))
        });
        let blocks = content.blocks.iter().map(|nested| {
            let path = join(path, &nested.name);
            (nested.name.clone(), self.nested_block(nested, &path, wild))
        });
        members(attributes.chain(blocks))
    }

    fn attribute(&self, attribute: &Attribute, path: &str, wild: bool) -> Values {
        if let Some(own) = self.own.get(path) {
            let block = Block {
                attributes: vec![attribute.clone()],
                ..Block::default()
            };
            return written(own, block, attribute.name.clone());
        }
        match attribute.usage {
            Usage::Computed => Just(Ok(Value::Null)).boxed(),
            Usage::Required => self.value(attribute, path, wild),
            Usage::Optional | Usage::OptionalComputed | Usage::WriteOnly => {
                sometimes_null(self.value(attribute, path, wild), 1)
            }
        }
    }

    fn value(&self, attribute: &Attribute, path: &str, wild: bool) -> Values {
        let rules = &attribute.validators;
        let constraints: Vec<_> = rules.iter().filter_map(|rule| rule.constraint()).collect();
        let expected = attribute.expected.iter().cloned();
        let expected: Vec<_> = expected.chain(rules.iter().map(|rule| rule.expected())).collect();
        let values = match &attribute.ty {
            AttributeType::Plain(ty) => plain::plain(Kind {
                ty,
                constraints: &constraints,
                expected: &expected,
                wild,
            }),
            AttributeType::Nested { attributes, .. } => {
                let content = Content {
                    attributes,
                    blocks: &[],
                };
                let objects = self.content(content, path, wild);
                let shape = attribute.ty.content().map_or(Shape::Object, |(shape, _)| shape);
                let ty = attribute.ty.ty();
                all(shape, objects, &ty, lengths(&constraints, EXTENT), wild)
            }
        };
        if rules.is_empty() {
            return values;
        }
        let rules = rules.clone();
        let accepted = move |drawn: &Drawn| {
            let refused = |value: &Value| rules.iter().any(|rule| !rule.accepts(value));
            !drawn.as_ref().is_ok_and(refused)
        };
        let reason = format!("no random value of `{path}` is accepted by its validator");
        values.prop_filter(reason, accepted).boxed()
    }

    fn nested_block(&self, nested: &NestedBlock, path: &str, wild: bool) -> Values {
        if let Some(own) = self.own.get(path) {
            let block = Block {
                blocks: vec![nested.clone()],
                ..Block::default()
            };
            return written(own, block, nested.name.clone());
        }
        let objects = self.content(nested.block.content(), path, wild);
        let fewest = usize::try_from(nested.count.minimum).unwrap_or(usize::MAX);
        if nested.nesting == BlockNesting::Single && fewest == 0 {
            return sometimes_null(objects, 1);
        }
        let most = nested.count.maximum.and_then(|most| usize::try_from(most).ok());
        let most = most.unwrap_or(usize::MAX).min(fewest + EXTENT);
        all(nested.shape(), objects, &nested.ty(), (fewest, most), wild)
    }
}

/// The objects of an attribute or a block.
fn all(shape: Shape, objects: Values, ty: &Type, lengths: (usize, usize), wild: bool) -> Values {
    match (shape, ty) {
        (Shape::List, _) => plain::sequence(objects, lengths),
        (Shape::Set, Type::Set(element)) => plain::set(objects, lengths, element),
        (Shape::Map, _) => plain::mapping(objects, lengths, wild),
        _ => objects,
    }
}

/// What the author's strategy writes for the one member of `block`.
fn written(own: &BoxedStrategy<Json>, block: Block, name: String) -> Values {
    own.clone()
        .prop_map(move |json| {
            let value = config(&block, &json!({name.as_str(): json}))?;
            Ok(value.attribute(&name).clone())
        })
        .boxed()
}

/// An object of these members.
fn members(members: impl Iterator<Item = (String, Values)>) -> Values {
    let (names, values): (Vec<_>, Vec<_>) = members.unzip();
    let gather = move |values: Vec<Drawn>| {
        let members = names.iter().cloned().zip(values);
        let members = members.map(|(name, value)| Ok((name, value?)));
        Ok(Value::Mapping(members.collect::<Result<_>>()?))
    };
    values.prop_map(gather).boxed()
}

/// The value once in `times` + 1 times null.
fn sometimes_null(values: Values, times: u32) -> Values {
    prop_oneof![1 => Just(Ok(Value::Null)), times => values].boxed()
}

/// How long something is, which is `extent` above the fewest at most.
fn lengths(constraints: &[Constraint], extent: usize) -> (usize, usize) {
    let mut lengths = (0, usize::MAX);
    for constraint in constraints {
        if let Constraint::Length { minimum, maximum } = constraint {
            lengths = (lengths.0.max(*minimum), lengths.1.min(*maximum));
        }
    }
    let most = lengths.1.min(lengths.0.saturating_add(extent));
    (lengths.0, most.max(lengths.0))
}

/// The path of a member.
pub(in crate::testing) fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
