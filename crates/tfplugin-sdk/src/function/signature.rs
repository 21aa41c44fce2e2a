//! What users are told of a function.

use crate::value::Type;

/// A function without its Rust type, and without its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What it does, in Markdown.
    pub description: String,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Its parameters, in order.
    pub parameters: Vec<Declared>,
    /// What takes all further arguments.
    pub variadic: Option<Declared>,
    /// Parameters that stand behind the variadic one, where they can never be given.
    pub(crate) unreachable: Vec<String>,
}

/// A parameter without its Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name, for error messages and documentation: arguments are given by position.
    pub name: String,
    /// What is to be given for it, in Markdown.
    pub description: String,
    /// Its type.
    pub ty: Type,
    /// Whether null may be given.
    pub null: bool,
    /// Whether a value may be given that is not known yet. If not, Terraform itself answers such calls with an unknown.
    pub unknown: bool,
}

impl Signature {
    /// A function without parameters.
    #[must_use]
    pub fn new(description: &str, deprecated: Option<&str>) -> Self {
        Self {
            description: description.to_owned(),
            deprecated: deprecated.map(str::to_owned),
            parameters: Vec::new(),
            variadic: None,
            unreachable: Vec::new(),
        }
    }

    /// Adds a parameter.
    pub fn add(&mut self, parameter: Declared) {
        if self.variadic.is_some() {
            self.unreachable.push(parameter.name);
        } else {
            self.parameters.push(parameter);
        }
    }

    /// Adds the parameter that takes all further arguments.
    pub fn add_variadic(&mut self, parameter: Declared) {
        if self.variadic.is_some() {
            self.unreachable.push(parameter.name);
        } else {
            self.variadic = Some(parameter);
        }
    }

    /// The parameter of the argument at a place, counted from 0; `None` if there can be no such argument.
    #[must_use]
    pub fn parameter(&self, place: usize) -> Option<&Declared> {
        self.parameters.get(place).or(self.variadic.as_ref())
    }
}
