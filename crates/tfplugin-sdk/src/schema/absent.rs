//! What stands where nothing is configured or stored: null for attributes, and for blocks what their nesting makes of none.

use std::collections::BTreeMap;

use super::{Block, BlockNesting, NestedBlock, objects_mut};
use crate::value::Value;

impl Block {
    /// The value of a block in which nothing is set.
    pub(crate) fn nothing(&self) -> Value {
        let attributes = self.attributes.iter();
        let mut members: BTreeMap<_, _> = attributes
            .map(|attribute| (attribute.name.clone(), Value::Null))
            .collect();
        members.extend(
            self.blocks
                .iter()
                .map(|nested| (nested.name.clone(), nested.none())),
        );
        Value::Mapping(members)
    }

    /// Fills the blocks that `value` is without, as state is which was stored before the schema had them.
    pub(crate) fn complete(&self, value: &mut Value) {
        let Value::Mapping(members) = value else { return };
        for nested in &self.blocks {
            let member = members.entry(nested.name.clone()).or_insert(Value::Null);
            if member.is_null() {
                *member = nested.none();
            }
            for one in objects_mut(nested.shape(), member) {
                nested.block.complete(one);
            }
        }
    }
}

impl NestedBlock {
    /// The value where there is no such block.
    pub(crate) fn none(&self) -> Value {
        match self.nesting {
            BlockNesting::Single => Value::Null,
            BlockNesting::List | BlockNesting::Set => Value::Sequence(Vec::new()),
            BlockNesting::Map => Value::Mapping(BTreeMap::new()),
            BlockNesting::Group => self.block.nothing(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Block, BlockList, Members, Optional};
    use crate::value::{Value, encode};

    /// A part.
    #[derive(Clone, crate::Object)]
    struct Part {
        /// What it is called.
        name: Optional<String>,
        /// What belongs to it.
        pin: BlockList<Pin>,
    }

    /// A pin.
    #[derive(Clone, crate::Object)]
    struct Pin {
        /// How long it is.
        length: Optional<i64>,
    }

    /// A whole.
    #[derive(Clone, crate::Object)]
    struct Whole {
        /// An attribute.
        note: Optional<String>,
        /// A block.
        one: Block<Part>,
        /// Blocks.
        many: BlockList<Part>,
    }

    #[test]
    fn nothing_is_a_value_of_the_type() {
        let nothing = Whole::block().nothing();
        assert_eq!(*nothing.attribute("note"), Value::Null);
        assert_eq!(*nothing.attribute("one"), Value::Null);
        assert_eq!(*nothing.attribute("many"), Value::Sequence(Vec::new()));
        assert!(encode(&nothing, &Whole::block().ty()).is_ok());
    }

    #[test]
    fn absent_blocks_are_filled_at_any_depth() {
        let bare = || Value::Mapping([("name".to_owned(), Value::Null)].into());
        let mut value = Value::Mapping([("one".to_owned(), bare())].into());
        Whole::block().complete(&mut value);
        let none = Value::Sequence(Vec::new());
        assert_eq!(*value.attribute("one").attribute("pin"), none);
        assert_eq!(*value.attribute("many"), none);
        let mut value = Value::Mapping([("many".to_owned(), Value::Sequence(vec![bare()]))].into());
        Whole::block().complete(&mut value);
        let Value::Sequence(many) = value.attribute("many") else {
            unreachable!("it was one");
        };
        assert_eq!(*many[0].attribute("pin"), none);
        assert_eq!(*value.attribute("one"), Value::Null);
    }
}
