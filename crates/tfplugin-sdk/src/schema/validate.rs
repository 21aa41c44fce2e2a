//! Checking a configuration's values against the validators of its schema.

use std::fmt;

use super::{Attribute, AttributeType, Block, BlockNesting};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::value::Value;

/// A rule for one value.
pub trait Validator: fmt::Debug + Send + Sync {
    /// What a value must be, for documentation and messages: the end of "The value must be …".
    fn expected(&self) -> String;

    /// Whether a value that is known and not null is valid. Parts of it may be unknown.
    fn accepts(&self, value: &Value) -> bool;
}

/// Everything in `config` that the validators of `block` refuse. Unknown and null values pass.
#[must_use]
pub fn validate(block: &Block, config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    validate_block(block, config, &Path::default(), &mut diagnostics);
    diagnostics
}

fn validate_block(block: &Block, value: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    validate_attributes(&block.attributes, value, path, diagnostics);
    for nested in &block.blocks {
        let path = path.clone().child(&nested.name);
        let value = value.attribute(&nested.name);
        match (nested.nesting, value) {
            (BlockNesting::Single, Value::Mapping(_)) => {
                validate_block(&nested.block, value, &path, diagnostics);
            }
            (BlockNesting::List, Value::Sequence(elements)) => {
                for (step, element) in (0..).map(Step::Index).zip(elements) {
                    validate_block(&nested.block, element, &path.clone().join(step), diagnostics);
                }
            }
            _ => {}
        }
    }
}

fn validate_attributes(attributes: &[Attribute], value: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for attribute in attributes {
        let path = path.clone().child(&attribute.name);
        let value = value.attribute(&attribute.name);
        if value.is_null() || value.is_unknown() {
            continue;
        }
        for validator in attribute
            .validators
            .iter()
            .filter(|validator| !validator.accepts(value))
        {
            diagnostics.push(refusal(attribute, validator.as_ref(), value).at(path.clone()));
        }
        let AttributeType::Nested { attributes, .. } = &attribute.ty else {
            continue;
        };
        match value {
            Value::Sequence(elements) => {
                for (step, element) in (0..).map(Step::Index).zip(elements) {
                    validate_attributes(attributes, element, &path.clone().join(step), diagnostics);
                }
            }
            // A map of objects and an object are both mappings; the nesting tells them apart.
            Value::Mapping(elements)
                if matches!(
                    attribute.ty,
                    AttributeType::Nested {
                        nesting: super::Nesting::Map,
                        ..
                    }
                ) =>
            {
                for (key, element) in elements {
                    validate_attributes(
                        attributes,
                        element,
                        &path.clone().join(Step::Key(key.clone())),
                        diagnostics,
                    );
                }
            }
            _ => validate_attributes(attributes, value, &path, diagnostics),
        }
    }
}

fn refusal(attribute: &Attribute, validator: &dyn Validator, value: &Value) -> Diagnostic {
    let observed = match value {
        _ if attribute.sensitive => "the value (hidden, because it is sensitive)".to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        other => other.kind().to_owned(),
    };
    let expected = validator.expected();
    Diagnostic::error(
        format!("Invalid value of {:?}", attribute.name),
        format!("The value must be {expected}; observed: {observed}."),
    )
}
