//! The part of planning that every resource shares: defaults, unknown computed values, and replacement.

use crate::path::Path;
use crate::schema::{Attribute, AttributeType, Block, BlockNesting, Nesting, Usage};
use crate::value::{Type, Value};

/// What the schema alone plans.
#[derive(Debug)]
pub(crate) struct SchemaPlan {
    pub(crate) planned: Value,
    pub(crate) replace: Vec<Path>,
}

/// Plans a change from what Terraform proposes. `prior` is null on creation.
pub(crate) fn plan(
    block: &Block,
    ty: &Type,
    config: &Value,
    prior: &Value,
    mut proposed: Value,
) -> SchemaPlan {
    fill_block(block, config, &mut proposed, &fill_default);
    if prior.is_null() || !proposed.equals(prior, ty) {
        fill_block(block, config, &mut proposed, &fill_unknown);
        keep_block(block, config, prior, &mut proposed);
    }
    let replace = if prior.is_null() {
        Vec::new()
    } else {
        replacements(block, prior, &proposed)
    };
    SchemaPlan {
        planned: proposed,
        replace,
    }
}

/// Sets every write-only attribute to null: their values reach neither plan nor state.
pub(crate) fn drop_write_only(block: &Block, value: &mut Value) {
    fill_block(block, &Value::Null, value, &|attribute, _, planned| {
        if attribute.usage == Usage::WriteOnly {
            *planned = Value::Null;
        }
    });
}

/// Plans blocks of which the number is not known yet as such: Terraform lets nobody say more about them.
pub(crate) fn keep_unknown_blocks(block: &Block, config: &Value, planned: &mut Value) {
    let Value::Mapping(members) = planned else { return };
    for nested in &block.blocks {
        let Some(planned) = members.get_mut(&nested.name) else {
            continue;
        };
        let config = config.attribute(&nested.name);
        match nested.nesting {
            _ if config.is_unknown() => *planned = config.clone(),
            BlockNesting::Single => keep_unknown_blocks(&nested.block, config, planned),
            BlockNesting::List => {
                for_elements(planned, config, |planned, config| {
                    keep_unknown_blocks(&nested.block, config, planned);
                });
            }
        }
    }
}

type Fill<'a> = &'a dyn Fn(&Attribute, &Value, &mut Value);

/// Visits every attribute of a planned value together with its configuration.
fn fill_block(block: &Block, config: &Value, planned: &mut Value, fill: Fill<'_>) {
    fill_attributes(&block.attributes, config, planned, fill);
    let Value::Mapping(members) = planned else { return };
    for nested in &block.blocks {
        let Some(planned) = members.get_mut(&nested.name) else {
            continue;
        };
        let config = config.attribute(&nested.name);
        match nested.nesting {
            BlockNesting::Single => fill_block(&nested.block, config, planned, fill),
            BlockNesting::List => {
                for_elements(planned, config, |planned, config| {
                    fill_block(&nested.block, config, planned, fill);
                });
            }
        }
    }
}

fn fill_attributes(attributes: &[Attribute], config: &Value, planned: &mut Value, fill: Fill<'_>) {
    let Value::Mapping(members) = planned else { return };
    for attribute in attributes {
        let planned = members.entry(attribute.name.clone()).or_insert(Value::Null);
        let config = config.attribute(&attribute.name);
        fill(attribute, config, planned);
        if let AttributeType::Nested { nesting, attributes } = &attribute.ty {
            match nesting {
                Nesting::Single => fill_attributes(attributes, config, planned, fill),
                Nesting::List | Nesting::Map => {
                    for_elements(planned, config, |planned, config| {
                        fill_attributes(attributes, config, planned, fill);
                    });
                }
            }
        }
    }
}

/// Visits the elements of a planned collection, each with its configuration.
fn for_elements(planned: &mut Value, config: &Value, mut visit: impl FnMut(&mut Value, &Value)) {
    match planned {
        Value::Sequence(elements) => {
            let configs = if let Value::Sequence(configs) = config {
                configs.as_slice()
            } else {
                &[]
            };
            for (index, element) in elements.iter_mut().enumerate() {
                visit(element, configs.get(index).unwrap_or(&Value::Null));
            }
        }
        Value::Mapping(elements) => {
            for (key, element) in elements {
                visit(element, config.attribute(key));
            }
        }
        _ => {}
    }
}

fn fill_default(attribute: &Attribute, config: &Value, planned: &mut Value) {
    if attribute.usage == Usage::WriteOnly {
        *planned = Value::Null;
    } else if let (Some(default), true) = (&attribute.default, config.is_null()) {
        *planned = default.clone();
    }
}

fn fill_unknown(attribute: &Attribute, config: &Value, planned: &mut Value) {
    if attribute.usage.is_computed() && attribute.default.is_none() && config.is_null() {
        *planned = Value::UNKNOWN;
    }
}

/// Gives the attributes at the root that stay as they are their prior values back.
fn keep_block(block: &Block, config: &Value, prior: &Value, planned: &mut Value) {
    let Value::Mapping(members) = planned else { return };
    for attribute in block.attributes.iter().filter(|attribute| attribute.keep) {
        let prior = prior.attribute(&attribute.name);
        if config.attribute(&attribute.name).is_null() && !prior.is_null() {
            members.insert(attribute.name.clone(), prior.clone());
        }
    }
}

fn replacements(block: &Block, prior: &Value, planned: &Value) -> Vec<Path> {
    let changed = |attribute: &&Attribute| {
        let (prior, planned) = (
            prior.attribute(&attribute.name),
            planned.attribute(&attribute.name),
        );
        attribute.replace && !planned.equals(prior, &attribute.ty.ty())
    };
    block
        .attributes
        .iter()
        .filter(changed)
        .map(|attribute| Path::attribute(&attribute.name))
        .collect()
}
