//! A struct's nested blocks.

use super::{Attributes, Declaration, Member, Members, ModelError};
use crate::path::Step;
use crate::schema::{self, BlockNesting, NestedBlock};
use crate::value::Value;

/// A block that stands once or not at all. While planning, one of which that is not known yet reads as one of which
/// nothing is known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Block<T>(pub Option<T>);

/// A block that stands any number of times, in order. While planning, blocks of which the number is not known yet, from a
/// `dynamic` block, read as a single one of which nothing is known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BlockList<T>(pub Vec<T>);

fn declare<T: Members>(declaration: &Declaration, nesting: BlockNesting, block: &mut schema::Block) {
    let nested = schema::Block {
        description: declaration.description.to_owned(),
        ..T::block()
    };
    block.blocks.push(NestedBlock {
        name: declaration.name.to_owned(),
        nesting,
        block: nested,
    });
}

impl<T: Members> Member for Block<T> {
    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(&declaration, BlockNesting::Single, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Null => Ok(Self(None)),
            Value::Unknown(_) => Ok(Self(Some(T::from_attributes(Attributes::unknown())?))),
            value => Ok(Self(Some(T::from_attributes(Attributes::of(value)?)?))),
        }
    }

    fn into_value(self) -> Value {
        self.0
            .map_or(Value::Null, |object| Value::Mapping(object.into_attributes()))
    }
}

impl<T: Members> Member for BlockList<T> {
    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(&declaration, BlockNesting::List, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        let elements = match value {
            Value::Sequence(elements) => elements,
            Value::Null => return Ok(Self(Vec::new())),
            Value::Unknown(_) => return Ok(Self(vec![T::from_attributes(Attributes::unknown())?])),
            other => return Err(ModelError::mismatch("blocks", &other)),
        };
        let read = |(index, value): (i64, Value)| {
            Attributes::of(value)
                .and_then(T::from_attributes)
                .map_err(|error| error.within(Step::Index(index)))
        };
        (0..).zip(elements).map(read).collect::<Result<_, _>>().map(Self)
    }

    fn into_value(self) -> Value {
        Value::Sequence(
            self.0
                .into_iter()
                .map(|object| Value::Mapping(object.into_attributes()))
                .collect(),
        )
    }
}
