//! A struct's nested blocks.

use std::collections::BTreeMap;

use super::{Attributes, Declaration, Holds, Member, Members, ModelError};
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

/// A block that stands any number of times, in no order that means anything, and never twice the same. While planning,
/// blocks of which the number is not known yet read as a single one of which nothing is known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BlockSet<T>(pub Vec<T>);

/// A block that stands any number of times, each with a label: `port "http" { … }`. While planning, blocks of which the
/// labels are not known yet read as none.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockMap<T>(pub BTreeMap<String, T>);

/// A block that stands once, and that is there also where the configuration leaves it out: it is then as if it stood
/// there empty, so that defaults and computed attributes in it always have a place.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BlockGroup<T>(pub T);

impl<T> Default for BlockMap<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

fn declare<T: Members>(declaration: Declaration, nesting: BlockNesting, block: &mut schema::Block) {
    let nested = schema::Block {
        description: declaration.description.to_owned(),
        deprecated: declaration.deprecated.map(str::to_owned),
        ..T::block()
    };
    block.blocks.push(NestedBlock {
        name: declaration.name.to_owned(),
        nesting,
        count: declaration.count,
        relations: declaration.relations,
        block: nested,
    });
}

fn read<T: Members>(value: Value) -> Result<T, ModelError> {
    match value {
        Value::Unknown(_) => T::from_attributes(Attributes::unknown()),
        value => T::from_attributes(Attributes::of(value)?),
    }
}

fn write<T: Members>(object: T) -> Value {
    Value::Mapping(object.into_attributes())
}

fn read_all<T: Members>(value: Value) -> Result<Vec<T>, ModelError> {
    let elements = match value {
        Value::Sequence(elements) => elements,
        Value::Null => return Ok(Vec::new()),
        Value::Unknown(_) => return Ok(vec![read(value)?]),
        other => return Err(ModelError::mismatch("blocks", &other)),
    };
    let read_one =
        |(index, value): (i64, Value)| read(value).map_err(|error| error.within(Step::Index(index)));
    (0..).zip(elements).map(read_one).collect()
}

fn write_all<T: Members>(objects: Vec<T>) -> Value {
    Value::Sequence(objects.into_iter().map(write).collect())
}

impl<T: Members> Member for Block<T> {
    const HOLDS: Holds = T::HOLDS.with_blocks();

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(declaration, BlockNesting::Single, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        if matches!(value, Value::Null) {
            Ok(Self(None))
        } else {
            read(value).map(Some).map(Self)
        }
    }

    fn into_value(self) -> Value {
        self.0.map_or(Value::Null, write)
    }
}

impl<T: Members> Member for BlockList<T> {
    const HOLDS: Holds = T::HOLDS.with_blocks();
    const PROBLEM: Option<&'static str> = T::HOLDS.problem_in_blocks();

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(declaration, BlockNesting::List, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        read_all(value).map(Self)
    }

    fn into_value(self) -> Value {
        write_all(self.0)
    }
}

impl<T: Members> Member for BlockSet<T> {
    const HOLDS: Holds = T::HOLDS.with_blocks();
    const PROBLEM: Option<&'static str> = T::HOLDS.problem_in_set();

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(declaration, BlockNesting::Set, block);
    }

    /// An element of a set has no path of its own.
    fn from_value(value: Value) -> Result<Self, ModelError> {
        read_all(value).map(Self).map_err(ModelError::of_whole)
    }

    fn into_value(self) -> Value {
        write_all(self.0)
    }
}

impl<T: Members> Member for BlockMap<T> {
    const HOLDS: Holds = T::HOLDS.with_blocks();
    const PROBLEM: Option<&'static str> = T::HOLDS.problem_in_blocks();

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(declaration, BlockNesting::Map, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        let elements = match value {
            Value::Mapping(elements) => elements,
            Value::Null | Value::Unknown(_) => return Ok(Self::default()),
            other => return Err(ModelError::mismatch("blocks", &other)),
        };
        let read_one = |(key, value): (String, Value)| match read(value) {
            Ok(object) => Ok((key, object)),
            Err(error) => Err(ModelError::within(error, Step::Key(key))),
        };
        elements
            .into_iter()
            .map(read_one)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn into_value(self) -> Value {
        Value::Mapping(
            self.0
                .into_iter()
                .map(|(key, object)| (key, write(object)))
                .collect(),
        )
    }
}

impl<T: Members> Member for BlockGroup<T> {
    const HOLDS: Holds = T::HOLDS.with_blocks();

    fn declare(declaration: Declaration, block: &mut schema::Block) {
        declare::<T>(declaration, BlockNesting::Group, block);
    }

    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            // State that was stored before there was such a block.
            Value::Null => read(Value::Mapping(BTreeMap::new())).map(Self),
            value => read(value).map(Self),
        }
    }

    fn into_value(self) -> Value {
        write(self.0)
    }
}
