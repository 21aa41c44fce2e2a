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

impl<'a> Content<'a> {
    pub(crate) fn attribute(self, name: &str) -> Option<&'a Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(crate) fn block(self, name: &str) -> Option<&'a NestedBlock> {
        self.blocks.iter().find(|nested| nested.name == name)
    }

    /// What there is in the member of that name, if there are objects in it.
    pub(crate) fn inner(self, name: &str) -> Option<(Shape, Content<'a>)> {
        match (self.attribute(name), self.block(name)) {
            (Some(attribute), _) => attribute.ty.content(),
            (None, Some(nested)) => Some((nested.shape(), nested.block.content())),
            (None, None) => None,
        }
    }

    /// Whether there is a member at a path such as `owner.name`, which passes through collections as if they were one object.
    pub(crate) fn leads_to(self, path: &str) -> bool {
        match path.split_once('.') {
            None => self.attribute(path).is_some() || self.block(path).is_some(),
            Some((name, rest)) => self
                .inner(name)
                .is_some_and(|(_, content)| content.leads_to(rest)),
        }
    }

    /// Whether the member of that name, of which the value is known, is set in an object.
    pub(crate) fn sets(self, name: &str, object: &Value) -> bool {
        let value = object.attribute(name);
        self.block(name)
            .map_or(!value.is_null(), |nested| nested.stands_in(value))
    }
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
                let content = self.block.content();
                members.keys().any(|name| content.sets(name, value))
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

/// The same, to be changed.
pub(crate) fn objects_mut(shape: Shape, value: &mut Value) -> Vec<&mut Value> {
    match (shape, value) {
        (Shape::Object, value @ Value::Mapping(_)) => vec![value],
        (Shape::List | Shape::Set, Value::Sequence(elements)) => elements.iter_mut().collect(),
        (Shape::Map, Value::Mapping(elements)) => elements.values_mut().collect(),
        _ => Vec::new(),
    }
}
