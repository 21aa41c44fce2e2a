//! The new state that core proposes to a provider: the configuration, with what is computed taken from the prior state.

use std::collections::BTreeMap;

use crate::schema::{Attribute, AttributeType, Block, BlockNesting, NestedBlock, Nesting, Usage};
use crate::value::Value;

/// Proposes a new state. `prior` is null on creation.
pub(super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return prior.clone();
    }
    let mut members = attributes(&block.attributes, prior, config);
    for nested in &block.blocks {
        let (prior, config) = (prior.attribute(&nested.name), config.attribute(&nested.name));
        members.insert(nested.name.clone(), nested_block(nested, prior, config));
    }
    Value::Mapping(members)
}

fn nested_block(nested: &NestedBlock, prior: &Value, config: &Value) -> Value {
    match (nested.nesting, config) {
        (BlockNesting::Single, Value::Mapping(_)) => proposed(&nested.block, prior, config),
        (BlockNesting::List, Value::Sequence(configs)) => list(prior, configs, |prior, config| {
            proposed(&nested.block, prior, config)
        }),
        // Unknown, or absent.
        (BlockNesting::Single | BlockNesting::List, config) => config.clone(),
    }
}

fn attributes(schema: &[Attribute], prior: &Value, config: &Value) -> BTreeMap<String, Value> {
    let propose = |schema: &Attribute| {
        let (prior, config) = (prior.attribute(&schema.name), config.attribute(&schema.name));
        (schema.name.clone(), attribute(schema, prior, config))
    };
    schema.iter().map(propose).collect()
}

fn attribute(schema: &Attribute, prior: &Value, config: &Value) -> Value {
    if schema.usage.is_computed() && config.is_null() {
        // What holds parts that only a configuration can have set was configured, and now is not.
        return if schema.usage == Usage::OptionalComputed && was_configured(&schema.ty, prior) {
            config.clone()
        } else {
            prior.clone()
        };
    }
    let AttributeType::Nested {
        nesting,
        attributes: schema,
    } = &schema.ty
    else {
        return config.clone();
    };
    let object = |prior: &Value, config: &Value| match config {
        Value::Mapping(_) => Value::Mapping(attributes(schema, prior, config)),
        config => config.clone(),
    };
    match (nesting, config) {
        (Nesting::Single, config) => object(prior, config),
        (Nesting::List, Value::Sequence(configs)) => list(prior, configs, object),
        (Nesting::Map, Value::Mapping(configs)) => Value::Mapping(
            configs
                .iter()
                .map(|(key, config)| (key.clone(), object(prior.attribute(key), config)))
                .collect(),
        ),
        (Nesting::List | Nesting::Map, config) => config.clone(),
    }
}

/// Elements go by their position. One that was not there before is taken as it is configured.
fn list(prior: &Value, configs: &[Value], propose: impl Fn(&Value, &Value) -> Value) -> Value {
    let priors = if let Value::Sequence(priors) = prior {
        priors.as_slice()
    } else {
        &[]
    };
    let element = |(index, config): (usize, &Value)| {
        priors
            .get(index)
            .map_or_else(|| config.clone(), |prior| propose(prior, config))
    };
    Value::Sequence(configs.iter().enumerate().map(element).collect())
}

fn was_configured(ty: &AttributeType, prior: &Value) -> bool {
    let AttributeType::Nested { nesting, attributes } = ty else {
        return false;
    };
    let in_object = |object: &Value| {
        attributes.iter().any(|attribute| {
            let value = object.attribute(&attribute.name);
            !value.is_null() && (!attribute.usage.is_computed() || was_configured(&attribute.ty, value))
        })
    };
    match (nesting, prior) {
        (Nesting::Single, object) => in_object(object),
        (Nesting::List, Value::Sequence(elements)) => elements.iter().any(in_object),
        (Nesting::Map, Value::Mapping(elements)) => elements.values().any(in_object),
        (Nesting::List | Nesting::Map, _) => false,
    }
}
