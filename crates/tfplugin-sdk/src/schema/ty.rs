//! The type that a schema implies.

use super::{Attribute, AttributeType, Block, BlockNesting, NestedBlock, Nesting};
use crate::value::Type;

impl Block {
    /// The type of a value of this block: an object of all attributes and blocks.
    #[must_use]
    pub fn ty(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), attribute.ty.ty()));
        let blocks = self
            .blocks
            .iter()
            .map(|nested| (nested.name.clone(), nested.ty()));
        Type::Object(attributes.chain(blocks).collect())
    }
}

impl NestedBlock {
    /// The type of all blocks of this name together.
    #[must_use]
    pub fn ty(&self) -> Type {
        let ty = self.block.ty();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => ty,
            BlockNesting::List => Type::List(Box::new(ty)),
            BlockNesting::Set => Type::Set(Box::new(ty)),
            BlockNesting::Map => Type::Map(Box::new(ty)),
        }
    }
}

impl AttributeType {
    /// The type of a value of this attribute.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Nested { nesting, attributes } => {
                let object = object_type(attributes);
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::List(Box::new(object)),
                    Nesting::Set => Type::Set(Box::new(object)),
                    Nesting::Map => Type::Map(Box::new(object)),
                }
            }
        }
    }
}

fn object_type(attributes: &[Attribute]) -> Type {
    Type::Object(
        attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), attribute.ty.ty()))
            .collect(),
    )
}
