//! Checking a configuration's values against the validators of its schema.

use std::fmt;

use super::relation::Spot;
use super::{Attribute, Block, Constraint, Content, Relation, Shape, objects};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::Value;

/// A rule for one value.
pub trait Validator: fmt::Debug + Send + Sync {
    /// What a value must be, for documentation and messages: the end of "The value must be …".
    fn expected(&self) -> String;

    /// Whether a value that is known and not null is valid. Parts of it may be unknown.
    fn accepts(&self, value: &Value) -> bool;

    /// What is wrong with the rule itself, which is a bug of the provider.
    fn problem(&self) -> Option<String> {
        None
    }

    /// What the rule says in a form that a program can make values by, as the random tests of `testing` do. Without it, they
    /// draw values until one is accepted.
    fn constraint(&self) -> Option<Constraint> {
        None
    }
}

/// Everything in `config` that the rules of `block` refuse, and everything deprecated that is used. Unknown and null values
/// pass.
#[must_use]
pub fn validate(block: &Block, config: &Value) -> Diagnostics {
    let path = Path::default();
    let root = Spot {
        content: block.content(),
        object: config,
        path: &path,
    };
    let mut diagnostics = Diagnostics::default();
    if let Some(reason) = &block.deprecated {
        diagnostics.push(Diagnostic::warning(
            "What is configured here is deprecated",
            reason,
        ));
    }
    check(root, root, &mut diagnostics);
    diagnostics
}

fn check(here: Spot<'_>, root: Spot<'_>, diagnostics: &mut Diagnostics) {
    for attribute in here.content.attributes {
        let path = here.path.clone().child(&attribute.name);
        let value = here.object.attribute(&attribute.name);
        check_relations(&attribute.name, &attribute.relations, here, root, diagnostics);
        if value.is_null() {
            continue;
        }
        // Core warns only of what is read elsewhere, and not of what is set.
        if let Some(reason) = &attribute.deprecated {
            diagnostics.push(deprecation(&attribute.name, reason).at(path.clone()));
        }
        if value.is_unknown() {
            continue;
        }
        let broken = attribute.validators.iter().filter(|rule| !rule.accepts(value));
        for validator in broken {
            diagnostics.push(refusal(attribute, validator.as_ref(), value).at(path.clone()));
        }
        if let Some((shape, content)) = attribute.ty.content() {
            check_all((shape, content), value, &path, root, diagnostics);
        }
    }
    for nested in here.content.blocks {
        let path = here.path.clone().child(&nested.name);
        let value = here.object.attribute(&nested.name);
        check_relations(&nested.name, &nested.relations, here, root, diagnostics);
        match &nested.block.deprecated {
            Some(reason) if nested.stands_in(value) => {
                diagnostics.push(deprecation(&nested.name, reason).at(path.clone()));
            }
            _ => {}
        }
        check_all(
            (nested.shape(), nested.block.content()),
            value,
            &path,
            root,
            diagnostics,
        );
    }
}

fn check_all(
    (shape, content): (Shape, Content<'_>),
    value: &Value,
    path: &Path,
    root: Spot<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Diagnostics::default();
    for (step, object) in objects(shape, value) {
        let path = path.clone().join_all(step);
        let here = Spot {
            content,
            object,
            path: &path,
        };
        check(here, root, &mut found);
    }
    // No path leads into a set.
    let in_set = shape == Shape::Set;
    diagnostics.append(if in_set {
        found
            .into_iter()
            .map(|diagnostic| diagnostic.at(path.clone()))
            .collect()
    } else {
        found
    });
}

fn check_relations(
    name: &str,
    relations: &[Relation],
    here: Spot<'_>,
    root: Spot<'_>,
    diagnostics: &mut Diagnostics,
) {
    let own = relations.iter().filter(|relation| relation.owner == name);
    for diagnostic in own.filter_map(|relation| relation.check(here, root)) {
        diagnostics.push(diagnostic);
    }
}

fn deprecation(name: &str, reason: &str) -> Diagnostic {
    Diagnostic::warning(format!("{name:?} is deprecated"), reason)
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
