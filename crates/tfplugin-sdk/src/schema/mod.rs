//! Schemas as Terraform knows them, with what this SDK does beyond: validators, defaults and plan modifiers.
//!
//! Providers do not build these by hand: the derives make them from documented structs.

mod check;
mod ty;
mod validate;

use std::sync::Arc;

pub use self::{
    check::check,
    validate::{Validator, validate},
};
use crate::value::{Type, Value};

/// The schema of a provider, a resource or a data source.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Raised by one whenever stored state must be converted.
    pub version: i64,
    /// What there is to configure and to read.
    pub block: Block,
}

/// Attributes and blocks.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Markdown.
    pub description: String,
    /// The attributes, in the order of the struct.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, in the order of the struct.
    pub blocks: Vec<NestedBlock>,
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// Its name.
    pub name: String,
    /// How many there may be.
    pub nesting: BlockNesting,
    /// What is in it.
    pub block: Block,
}

/// How often a block may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// Once or not at all.
    Single,
    /// Any number of times, in order.
    List,
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: AttributeType,
    /// Markdown.
    pub description: String,
    /// Who sets it.
    pub usage: Usage,
    /// Whether its value is hidden in what Terraform prints.
    pub sensitive: bool,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Whether a change replaces the resource.
    pub replace: bool,
    /// Whether the value stays as it is when the configuration does not set it: it is not planned as unknown.
    pub keep: bool,
    /// The value planned when the configuration sets none.
    pub default: Option<Value>,
    /// What its value must satisfy.
    pub validators: Vec<Arc<dyn Validator>>,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// The configuration must.
    Required,
    /// The configuration may.
    Optional,
    /// The provider does.
    Computed,
    /// The configuration may, and else the provider does.
    OptionalComputed,
    /// The configuration may, and the value reaches neither plan nor state.
    WriteOnly,
}

impl Usage {
    /// Whether the configuration may set the attribute.
    #[must_use]
    pub fn is_configurable(self) -> bool {
        self != Self::Computed
    }

    /// Whether the provider may set the attribute.
    #[must_use]
    pub fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// The type of an attribute: a plain type, or objects whose attributes have schemas of their own.
#[derive(Clone, Debug)]
pub enum AttributeType {
    /// A plain type.
    Plain(Type),
    /// Nested attributes.
    Nested {
        /// One object or a collection of them.
        nesting: Nesting,
        /// The attributes of each object.
        attributes: Vec<Attribute>,
    },
}

/// How many objects a nested attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One.
    Single,
    /// Any number, in order.
    List,
    /// Any number, by key.
    Map,
}

impl Block {
    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}
