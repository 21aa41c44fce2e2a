//! Schemas as Terraform knows them, with what this SDK does beyond: validators, defaults and plan modifiers.
//!
//! Providers do not build these by hand: the derives make them from documented structs.

mod absent;
mod arguments;
mod check;
mod constraint;
mod correlate;
mod meaning;
mod parts;
mod relation;
mod ty;
mod validate;

use std::sync::Arc;

pub use self::{
    arguments::{check_action, check_list, check_state_store},
    check::check,
    constraint::Constraint,
    meaning::Meaning,
    relation::{Relation, RelationKind},
    validate::{Validator, validate},
};
pub(crate) use self::{
    correlate::{Measure, came_from, pair},
    parts::{Content, Shape, objects, objects_mut},
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
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
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
    /// How they stand together.
    pub nesting: BlockNesting,
    /// How often it must and may stand.
    pub count: Count,
    /// What must hold between it and others.
    pub relations: Vec<Relation>,
    /// What is in it.
    pub block: Block,
}

/// How the blocks of one name stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// Once or not at all.
    Single,
    /// Any number of times, in order.
    List,
    /// Any number of times, in no order and without repetition.
    Set,
    /// Any number of times, each with a label of its own.
    Map,
    /// Once, and always there: where it does not stand, it is as if it stood empty.
    Group,
}

/// How often a block must and may stand. Terraform counts blocks in lists and sets, and of a single one whether it must.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// The fewest.
    pub minimum: u32,
    /// The most, if there is a limit.
    pub maximum: Option<u32>,
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
    /// What its type alone makes of it: the end of "The value must be …".
    pub expected: Option<String>,
    /// When two of its values mean the same, if that is not the same as being equal.
    pub meaning: Option<Meaning>,
    /// Whether its value is hidden in what Terraform prints.
    pub sensitive: bool,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Whether a change replaces the resource.
    pub replace: Replace,
    /// Whether the value stays as it is when the configuration does not set it: it is not planned as unknown.
    pub keep: bool,
    /// What is planned when the configuration sets nothing.
    pub default: Option<DefaultValue>,
    /// What its value must satisfy.
    pub validators: Vec<Arc<dyn Validator>>,
    /// What must hold between it and others.
    pub relations: Vec<Relation>,
}

/// Whether a change of an attribute replaces the resource.
#[derive(Clone, Copy, Debug, Default)]
pub enum Replace {
    /// No change does.
    #[default]
    Never,
    /// Every change does.
    Always,
    /// A change does of which this is true, given the prior and the planned value, which are not the same.
    If(fn(&Value, &Value) -> bool),
}

/// What is planned where the configuration sets nothing.
#[derive(Clone, Debug)]
pub enum DefaultValue {
    /// Always the same.
    Fixed(Value),
    /// What follows from the configuration of the object that the attribute is in; unknown where that is not known yet.
    With(fn(&Value) -> Value),
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
    /// Any number, in no order and without repetition.
    Set,
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
