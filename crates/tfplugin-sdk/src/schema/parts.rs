//! What is inside an attribute or a block, seen alike: objects, of which the nesting says how they stand in a value.

use super::{Attribute, AttributeType, Block, BlockNesting, NestedBlock, Nesting};
use crate::path::Step;
use crate::value::Value;

/// How objects stand in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The value is the object.
    Object,
    /// The objects are elements, in order.
    List,
    /// The objects are elements that have nothing but what is in them to be known by.
    Set,
    /// The objects have keys.
    Map,
}

/// What an object consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    pub(crate) attributes: &'a [Attribute],
    pub(crate) blocks: &'a [NestedBlock],
}

impl Block {
    /// What there is in it.
    pub(crate) fn content(&self) -> Content<'_> {
        Content {
            attributes: &self.attributes,
            blocks: &self.blocks,
        }
    }
}

impl NestedBlock {
    /// How its objects stand in its value.
    pub(crate) fn shape(&self) -> Shape {
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => Shape::Object,
            BlockNesting::List => Shape::List,
            BlockNesting::Set => Shape::Set,
            BlockNesting::Map => Shape::Map,
        }
    }

    /// Whether `value` has such a block, or may have one. A group that is not written stands there empty.
    pub(crate) fn stands_in(&self, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Sequence(elements) => !elements.is_empty(),
            Value::Mapping(members) if self.shape() == Shape::Map => !members.is_empty(),
            Value::Mapping(members) if self.nesting == BlockNesting::Group => {
                let blocks = &self.block.blocks;
                let block = |name: &str| blocks.iter().find(|nested| nested.name == name);
                members.iter().any(|(name, member)| match block(name) {
                    Some(nested) => nested.stands_in(member),
                    None => !member.is_null(),
                })
            }
            _ => true,
        }
    }
}

impl AttributeType {
    /// How its objects stand in its value and what each consists of, if it has attributes of its own.
    pub(crate) fn content(&self) -> Option<(Shape, Content<'_>)> {
        let Self::Nested { nesting, attributes } = self else {
            return None;
        };
        let shape = match nesting {
            Nesting::Single => Shape::Object,
            Nesting::List => Shape::List,
            Nesting::Set => Shape::Set,
            Nesting::Map => Shape::Map,
        };
        let content = Content {
            attributes,
            blocks: &[],
        };
        Some((shape, content))
    }
}

/// The objects in a value, each with the step that leads to it. An element of a set has no path of its own.
pub(crate) fn objects(shape: Shape, value: &Value) -> Vec<(Option<Step>, &Value)> {
    match (shape, value) {
        (Shape::Object, Value::Mapping(_)) => vec![(None, value)],
        (Shape::Set, Value::Sequence(elements)) => elements.iter().map(|element| (None, element)).collect(),
        (Shape::List, Value::Sequence(elements)) => {
            let steps = (0..).map(|index| Some(Step::Index(index)));
            steps.zip(elements).collect()
        }
        (Shape::Map, Value::Mapping(elements)) => elements
            .iter()
            .map(|(key, element)| (Some(Step::Key(key.clone())), element))
            .collect(),
        _ => Vec::new(),
    }
}
