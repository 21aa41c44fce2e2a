//! Checking a configuration's values against the validators of its schema.

use std::fmt;

use super::{Attribute, Block, Content, Shape, objects};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
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
    check(block.content(), config, &Path::default(), &mut diagnostics);
    diagnostics
}

fn check(content: Content<'_>, object: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for attribute in content.attributes {
        let path = path.clone().child(&attribute.name);
        let value = object.attribute(&attribute.name);
        if value.is_null() || value.is_unknown() {
            continue;
        }
        let broken = attribute.validators.iter().filter(|rule| !rule.accepts(value));
        for validator in broken {
            diagnostics.push(refusal(attribute, validator.as_ref(), value).at(path.clone()));
        }
        if let Some((shape, content)) = attribute.ty.content() {
            check_all(shape, content, value, &path, diagnostics);
        }
    }
    for nested in content.blocks {
        let path = path.clone().child(&nested.name);
        let value = object.attribute(&nested.name);
        check_all(nested.shape(), nested.block.content(), value, &path, diagnostics);
    }
}

fn check_all(shape: Shape, content: Content<'_>, value: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for (step, object) in objects(shape, value) {
        check(content, object, &path.clone().join_all(step), diagnostics);
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
