//! The new state that core proposes to a provider: the configuration, with what is computed taken from the prior state.

use std::collections::BTreeMap;

use crate::schema::{Attribute, Block, Content, Measure, NestedBlock, Shape, Usage, came_from, objects};
use crate::value::Value;

/// Proposes a new state. `prior` is null on creation.
pub(super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    object(block.content(), prior, config)
}

fn object(content: Content<'_>, prior: &Value, config: &Value) -> Value {
    let Value::Mapping(_) = config else {
        return config.clone();
    };
    let mut members = BTreeMap::new();
    for schema in content.attributes {
        let (prior, config) = (prior.attribute(&schema.name), config.attribute(&schema.name));
        members.insert(schema.name.clone(), attribute(schema, prior, config));
    }
    for nested in content.blocks {
        let (prior, config) = (prior.attribute(&nested.name), config.attribute(&nested.name));
        members.insert(nested.name.clone(), nested_block(nested, prior, config));
    }
    Value::Mapping(members)
}

fn nested_block(nested: &NestedBlock, prior: &Value, config: &Value) -> Value {
    all(nested.shape(), nested.block.content(), prior, config)
}

fn attribute(schema: &Attribute, prior: &Value, config: &Value) -> Value {
    if schema.usage.is_computed() && config.is_null() {
        // What holds parts that only a configuration can have set was configured, and now is not.
        return if schema.usage == Usage::OptionalComputed && was_configured(schema, prior) {
            config.clone()
        } else {
            prior.clone()
        };
    }
    match schema.ty.content() {
        Some((shape, content)) => all(shape, content, prior, config),
        None => config.clone(),
    }
}

/// The objects of an attribute or block. What is unknown or absent is taken as it is configured.
fn all(shape: Shape, content: Content<'_>, prior: &Value, config: &Value) -> Value {
    match (shape, config) {
        (Shape::Object, config) => object(content, prior, config),
        (Shape::List, Value::Sequence(configs)) => {
            let priors = elements(prior);
            let element = |(index, config): (usize, &Value)| {
                // One that was not there before is taken as it is configured.
                let prior = priors.get(index);
                prior.map_or_else(|| config.clone(), |prior| object(content, prior, config))
            };
            Value::Sequence(configs.iter().enumerate().map(element).collect())
        }
        (Shape::Map, Value::Mapping(configs)) => {
            let element = |(key, config): (&String, &Value)| {
                (key.clone(), object(content, prior.attribute(key), config))
            };
            Value::Mapping(configs.iter().map(element).collect())
        }
        (Shape::Set, Value::Sequence(configs)) => set(content, elements(prior), configs),
        (Shape::List | Shape::Map | Shape::Set, config) => config.clone(),
    }
}

/// Each element goes with the first one of those before that it can have become.
fn set(content: Content<'_>, priors: &[Value], configs: &[Value]) -> Value {
    let mut left: Vec<&Value> = priors.iter().collect();
    let mut proposals: Vec<Value> = Vec::with_capacity(configs.len());
    for config in configs {
        let found = left
            .iter()
            .position(|prior| came_from(content, prior, config, Measure::Core));
        let prior = found.map_or(&Value::Null, |position| left.remove(position));
        let proposal = object(content, prior, config);
        if !(proposal.is_wholly_known() && proposals.contains(&proposal)) {
            proposals.push(proposal);
        }
    }
    Value::Sequence(proposals)
}

fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Sequence(elements) => elements,
        _ => &[],
    }
}

fn was_configured(attribute: &Attribute, prior: &Value) -> bool {
    let Some((shape, content)) = attribute.ty.content() else {
        return false;
    };
    objects(shape, prior).into_iter().any(|(_, object)| {
        content.attributes.iter().any(|attribute| {
            let value = object.attribute(&attribute.name);
            !value.is_null() && (!attribute.usage.is_computed() || was_configured(attribute, value))
        })
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value as Json, json};

    use super::proposed;
    use crate::model::{
        BlockGroup, BlockList, BlockMap, BlockSet, Computed, Members, Optional, OptionalComputed, Required,
        Set,
    };
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
        /// Who came.
        guests: Optional<Set<Person>>,
        /// Who may come.
        friend: BlockSet<Person>,
        /// What is on the door, by floor.
        bell: BlockMap<Person>,
        /// Who looks after it.
        janitor: BlockGroup<Janitor>,
    }

    /// A janitor.
    #[derive(Clone, crate::Object)]
    struct Janitor {
        /// The number.
        id: Computed<String>,
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
        let empty = [Json::Null, json!([]), json!({}), json!({"id": null})];
        members.retain(|_, value| !empty.contains(value));
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
    fn elements_of_sets_keep_what_is_computed_by_what_is_configured() {
        for name in ["guests", "friend"] {
            let prior = json!({name: [{"name": "Ada", "id": "1"}, {"name": "Bob", "id": "2"}]});
            let configured = json!({name: [{"name": "Bob"}, {"name": "Cyd"}]});
            let expected = json!({name: [{"name": "Bob", "id": "2"}, {"name": "Cyd", "id": null}]});
            assert_eq!(propose(&prior, &configured), expected);
        }
    }

    #[test]
    fn labels_and_groups_keep_what_is_computed() {
        let prior = json!({"bell": {"1": {"name": "Ada", "id": "1"}}, "janitor": {"id": "7"}});
        let configured = json!({"bell": {"1": {"name": "Bob"}, "2": {"name": "Cyd"}}});
        let expected = json!({
            "bell": {"1": {"name": "Bob", "id": "1"}, "2": {"name": "Cyd", "id": null}},
            "janitor": {"id": "7"},
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
