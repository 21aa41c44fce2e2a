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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value as Json, json};

    use super::proposed;
    use crate::model::{BlockList, Computed, Members, Optional, OptionalComputed, Required};
    use crate::testing::{config, value_to_json};
    use crate::value::Value;

    /// A house.
    #[derive(Clone, crate::Object)]
    struct House {
        /// Where it is.
        street: Optional<String>,
        /// Its number.
        id: Computed<String>,
        /// Its height.
        height: OptionalComputed<i64>,
        /// Whose it is.
        owner: OptionalComputed<Person>,
        /// Who lives there.
        tenants: Optional<BTreeMap<String, Person>>,
        /// What is in it.
        room: BlockList<Person>,
    }

    /// A person.
    #[derive(Clone, crate::Object)]
    struct Person {
        /// The name.
        name: Required<String>,
        /// The number.
        id: Computed<String>,
    }

    /// The proposal, without what is null and without blocks where there are none.
    fn propose(prior: &Json, configured: &Json) -> Json {
        let block = House::block();
        let prior = if prior.is_null() {
            Value::Null
        } else {
            config(&block, prior).unwrap()
        };
        let mut json = value_to_json(&proposed(&block, &prior, &config(&block, configured).unwrap()));
        let members = json.as_object_mut().unwrap();
        members.retain(|_, value| !value.is_null() && *value != json!([]));
        json
    }

    #[test]
    fn a_creation_is_proposed_as_configured() {
        let configured = json!({"street": "Elm", "height": 3, "room": [{"name": "hall", "id": null}]});
        assert_eq!(propose(&Json::Null, &configured), configured);
    }

    #[test]
    fn what_is_computed_and_not_configured_stays() {
        let prior = json!({"street": "Elm", "id": "1", "height": 3});
        assert_eq!(
            propose(&prior, &json!({"street": "Oak"})),
            json!({"street": "Oak", "id": "1", "height": 3})
        );
        assert_eq!(
            propose(&prior, &json!({"height": 4})),
            json!({"id": "1", "height": 4})
        );
    }

    #[test]
    fn elements_keep_what_is_computed_by_position_and_by_key() {
        let prior =
            json!({"tenants": {"a": {"name": "Ada", "id": "1"}}, "room": [{"name": "hall", "id": "2"}]});
        let configured = json!({
            "tenants": {"a": {"name": "Bob"}, "b": {"name": "Cyd"}},
            "room": [{"name": "loft"}, {"name": "attic"}],
        });
        let expected = json!({
            "tenants": {"a": {"name": "Bob", "id": "1"}, "b": {"name": "Cyd", "id": null}},
            "room": [{"name": "loft", "id": "2"}, {"name": "attic", "id": null}],
        });
        assert_eq!(propose(&prior, &configured), expected);
    }

    #[test]
    fn what_only_a_configuration_can_have_set_goes_with_it() {
        let configured_before = json!({"owner": {"name": "Ada", "id": "1"}});
        assert_eq!(propose(&configured_before, &json!({})), json!({}));
        let computed_before = json!({"owner": {"name": null, "id": "1"}});
        assert_eq!(propose(&computed_before, &json!({})), computed_before);
    }
}
