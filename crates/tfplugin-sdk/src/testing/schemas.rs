//! The schemas that a provider announces, read from the wire.

use std::collections::BTreeMap;

use super::{Error, Result};
use crate::function::{Declared, Signature};
use crate::path::Path;
use crate::rules::{Rule, Violation};
use crate::schema::{
    Attribute, AttributeType, Block, BlockNesting, Count, NestedBlock, Nesting, Replace, Schema, Usage,
};
use crate::value::Type;
use crate::wire::proto;

/// The schemas that a provider announces.
#[derive(Clone, Debug)]
pub struct Schemas {
    /// Of its configuration.
    pub provider: Schema,
    /// Of what modules may say to it, if anything.
    pub provider_meta: Option<Schema>,
    /// Of resources, by type name.
    pub resources: BTreeMap<String, Schema>,
    /// Of data sources, by type name.
    pub data_sources: BTreeMap<String, Schema>,
    /// Of ephemeral resources, by type name.
    pub ephemeral_resources: BTreeMap<String, Schema>,
    /// Of list resources, by type name, which is that of the resource they list.
    pub list_resources: BTreeMap<String, Schema>,
    /// Of actions, by type name.
    pub actions: BTreeMap<String, Schema>,
    /// Of state stores, by type name.
    pub state_stores: BTreeMap<String, Schema>,
    /// Functions, by name.
    pub functions: BTreeMap<String, FunctionSchema>,
    /// Of the identities of resources, by the resource's type name.
    pub identities: BTreeMap<String, Schema>,
    /// Whether it can take over the state of other types.
    pub moves: bool,
    /// Whether it wants to see plans of destructions.
    pub plans_destruction: bool,
}

/// What a provider announces of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionSchema {
    /// What it takes.
    pub signature: Signature,
    /// The type of what it returns.
    pub returns: Type,
}

impl Schemas {
    pub(super) fn read(response: proto::GetProviderSchemaResponse) -> Result<Self> {
        let missing = || violation(&Path::default(), "the provider's own schema is missing");
        let provider = response.provider.ok_or_else(|| broken("provider", missing()))?;
        let all = |schemas: BTreeMap<String, proto::Schema>| {
            let named = schemas.into_iter().map(|(name, schema)| {
                let schema = schema_of(&name, schema)?;
                Ok((name, schema))
            });
            named.collect::<Result<BTreeMap<_, _>>>()
        };
        let capabilities = response.server_capabilities.unwrap_or_default();
        Ok(Self {
            provider: schema_of("provider", provider)?,
            provider_meta: response
                .provider_meta
                .map(|schema| schema_of("provider_meta", schema))
                .transpose()?,
            resources: all(response.resource_schemas)?,
            data_sources: all(response.data_source_schemas)?,
            ephemeral_resources: all(response.ephemeral_resource_schemas)?,
            list_resources: all(response.list_resource_schemas)?,
            actions: actions(response.action_schemas)?,
            state_stores: all(response.state_store_schemas)?,
            functions: functions(response.functions)?,
            identities: BTreeMap::new(),
            moves: capabilities.move_resource_state,
            plans_destruction: capabilities.plan_destroy,
        })
    }

    /// Adds what is announced of identities.
    pub(super) fn identify(
        &mut self,
        announced: BTreeMap<String, proto::ResourceIdentitySchema>,
    ) -> Result<()> {
        for (name, schema) in announced {
            let attributes = schema
                .identity_attributes
                .into_iter()
                .map(|attribute| proto::Attribute {
                    name: attribute.name,
                    r#type: attribute.r#type,
                    required: attribute.required_for_import,
                    optional: attribute.optional_for_import,
                    description: attribute.description,
                    ..Default::default()
                });
            let subject = format!("the identity of {name}");
            let attributes = attributes_of(&subject, attributes.collect(), &Path::default())?;
            if !self.resources.contains_key(&name) {
                return Err(broken(
                    &subject,
                    violation(&Path::default(), "there is no such resource"),
                ));
            }
            let block = Block {
                attributes,
                ..Block::default()
            };
            let version = schema.version;
            self.identities.insert(name, Schema { version, block });
        }
        Ok(())
    }
}

/// An action's schema is in a message of its own, which core takes for granted.
fn actions(announced: BTreeMap<String, proto::ActionSchema>) -> Result<BTreeMap<String, Schema>> {
    let read = |(name, action): (String, proto::ActionSchema)| {
        let missing = || broken(&name, violation(&Path::default(), "the action has no schema"));
        let schema = schema_of(&name, action.schema.ok_or_else(missing)?)?;
        Ok((name, schema))
    };
    announced.into_iter().map(read).collect()
}

fn functions(announced: BTreeMap<String, proto::Function>) -> Result<BTreeMap<String, FunctionSchema>> {
    let read = |(name, function): (String, proto::Function)| {
        let schema = function_of(&name, function)?;
        Ok((name, schema))
    };
    announced.into_iter().map(read).collect()
}

fn function_of(name: &str, function: proto::Function) -> Result<FunctionSchema> {
    let path = Path::default();
    check_name(name, false, &path).map_err(|violation| broken(name, violation))?;
    let ty = |json: &[u8]| {
        Type::from_json_bytes(json).map_err(|error| broken(name, violation(&path, error.to_string())))
    };
    let declared = |parameter: proto::FunctionParameter| {
        Ok(Declared {
            ty: ty(&parameter.r#type)?,
            name: parameter.name,
            description: parameter.description,
            null: parameter.allow_null_value,
            unknown: parameter.allow_unknown_values,
        })
    };
    let deprecation = Some(function.deprecation_message).filter(|reason| !reason.is_empty());
    let mut signature = Signature::new(&function.description, deprecation.as_deref());
    for parameter in function.parameters {
        signature.add(declared(parameter)?);
    }
    if let Some(variadic) = function.variadic_parameter {
        signature.add_variadic(declared(variadic)?);
    }
    let missing = || broken(name, violation(&path, "the function returns nothing"));
    let returns = function.r#return.ok_or_else(missing)?;
    Ok(FunctionSchema {
        signature,
        returns: ty(&returns.r#type)?,
    })
}

fn violation(path: &Path, message: impl Into<String>) -> Violation {
    Violation::new(path, Rule::Schema, message)
}

fn broken(name: &str, violation: Violation) -> Error {
    Error::Violations {
        call: format!("schema of {name}"),
        found: vec![violation],
    }
}

fn schema_of(name: &str, schema: proto::Schema) -> Result<Schema> {
    let block = schema.block.unwrap_or_default();
    Ok(Schema {
        version: schema.version,
        block: block_of(name, block, &Path::default())?,
    })
}

fn block_of(schema: &str, block: proto::Block, path: &Path) -> Result<Block> {
    let attributes = attributes_of(schema, block.attributes, path)?;
    let mut blocks: Vec<NestedBlock> = Vec::new();
    for nested in block.block_types {
        let path = path.clone().child(&nested.type_name);
        let repeated = attributes.iter().any(|other| other.name == nested.type_name)
            || blocks.iter().any(|other| other.name == nested.type_name);
        check_name(&nested.type_name, repeated, &path).map_err(|violation| broken(schema, violation))?;
        let nesting = match nested.nesting() {
            proto::BlockNesting::Single => BlockNesting::Single,
            proto::BlockNesting::List => BlockNesting::List,
            proto::BlockNesting::Set => BlockNesting::Set,
            proto::BlockNesting::Map => BlockNesting::Map,
            proto::BlockNesting::Group => BlockNesting::Group,
            proto::BlockNesting::Invalid => return Err(broken(schema, no_nesting(&path))),
        };
        blocks.push(NestedBlock {
            name: nested.type_name,
            nesting,
            count: count_of(nesting, nested.min_items, nested.max_items)
                .map_err(|message| broken(schema, violation(&path, message)))?,
            relations: Vec::new(),
            block: block_of(schema, nested.block.unwrap_or_default(), &path)?,
        });
    }
    Ok(Block {
        description: block.description,
        deprecated: block.deprecated.then_some(block.deprecation_message),
        attributes,
        blocks,
    })
}

fn attributes_of(schema: &str, attributes: Vec<proto::Attribute>, path: &Path) -> Result<Vec<Attribute>> {
    let mut read: Vec<Attribute> = Vec::with_capacity(attributes.len());
    for attribute in attributes {
        let path = path.clone().child(&attribute.name);
        let repeated = read.iter().any(|other| other.name == attribute.name);
        let usage = check_name(&attribute.name, repeated, &path)
            .and_then(|()| usage_of(&attribute).map_err(|message| violation(&path, message)))
            .map_err(|violation| broken(schema, violation))?;
        read.push(Attribute {
            ty: type_of(schema, &attribute.r#type, attribute.nested_type, &path)?,
            name: attribute.name,
            description: attribute.description,
            usage,
            sensitive: attribute.sensitive,
            deprecated: attribute.deprecated.then_some(attribute.deprecation_message),
            // What follows is not told on the wire.
            expected: None,
            meaning: None,
            replace: Replace::Never,
            keep: false,
            default: None,
            validators: Vec::new(),
            relations: Vec::new(),
        });
    }
    Ok(read)
}

fn type_of(
    schema: &str,
    plain: &[u8],
    nested: Option<proto::NestedObject>,
    path: &Path,
) -> Result<AttributeType> {
    match (plain.is_empty(), nested) {
        (false, None) => match Type::from_json_bytes(plain) {
            Ok(ty) => Ok(AttributeType::Plain(ty)),
            Err(error) => Err(broken(schema, violation(path, error.to_string()))),
        },
        (true, Some(object)) => {
            let nesting = match object.nesting() {
                proto::ObjectNesting::Single => Nesting::Single,
                proto::ObjectNesting::List => Nesting::List,
                proto::ObjectNesting::Set => Nesting::Set,
                proto::ObjectNesting::Map => Nesting::Map,
                proto::ObjectNesting::Invalid => return Err(broken(schema, no_nesting(path))),
            };
            let attributes = attributes_of(schema, object.attributes, path)?;
            Ok(AttributeType::Nested { nesting, attributes })
        }
        _ => {
            let message = "an attribute has either a type or nested attributes";
            Err(broken(schema, violation(path, message)))
        }
    }
}

fn usage_of(attribute: &proto::Attribute) -> std::result::Result<Usage, &'static str> {
    let flags = (attribute.required, attribute.optional, attribute.computed);
    match (flags, attribute.write_only) {
        ((true, false, false) | (false, true, false), true) => Ok(Usage::WriteOnly),
        ((true, false, false), false) => Ok(Usage::Required),
        ((false, true, false), false) => Ok(Usage::Optional),
        ((false, false, true), false) => Ok(Usage::Computed),
        ((false, true, true), false) => Ok(Usage::OptionalComputed),
        (_, true) => Err("a write-only attribute is required or optional, and not computed"),
        ((false, false, false), false) => Err("an attribute is required, optional or computed"),
        ((true, ..), false) => Err("a required attribute is neither optional nor computed"),
    }
}

fn check_name(name: &str, repeated: bool, path: &Path) -> std::result::Result<(), Violation> {
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || !name.bytes().all(valid) {
        return Err(violation(
            path,
            "a name holds lowercase letters, digits and underscores only",
        ));
    }
    if repeated {
        return Err(violation(path, "the name is used twice"));
    }
    Ok(())
}

fn no_nesting(path: &Path) -> Violation {
    violation(path, "the nesting is none that the protocol has")
}

/// How often a block stands, as core checks what is said of it.
fn count_of(nesting: BlockNesting, minimum: i64, maximum: i64) -> std::result::Result<Count, &'static str> {
    let negative = "the fewest and the most blocks are not negative";
    let minimum = u32::try_from(minimum).map_err(|_| negative)?;
    let maximum = u32::try_from(maximum).map_err(|_| negative)?;
    match nesting {
        BlockNesting::Single if minimum != maximum || minimum > 1 => {
            Err("a single block has a fewest and a most of one, or of none if it is optional")
        }
        BlockNesting::Map | BlockNesting::Group if (minimum, maximum) != (0, 0) => {
            Err("blocks by label and groups are not counted")
        }
        BlockNesting::List | BlockNesting::Set if maximum != 0 && minimum > maximum => {
            Err("the fewest blocks are more than the most")
        }
        _ => Ok(Count {
            minimum,
            maximum: (maximum != 0).then_some(maximum),
        }),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{Schemas, proto};
    use crate::rules::Rule;

    fn read(attribute: proto::Attribute) -> Result<Schemas, super::Error> {
        let block = proto::Block {
            attributes: vec![attribute],
            ..Default::default()
        };
        let schema = proto::Schema {
            block: Some(block),
            ..Default::default()
        };
        Schemas::read(proto::GetProviderSchemaResponse {
            provider: Some(schema),
            ..Default::default()
        })
    }

    fn text() -> proto::Attribute {
        proto::Attribute {
            name: "a".to_owned(),
            r#type: b"\"string\"".to_vec(),
            optional: true,
            ..Default::default()
        }
    }

    #[test]
    fn rule_39_a_schema_that_core_accepts() {
        assert_eq!(read(text()).unwrap().provider.block.attributes[0].name, "a");
    }

    #[test]
    fn rule_39_a_schema_that_core_refuses() {
        let refused = [
            proto::Attribute {
                name: "A".to_owned(),
                ..text()
            },
            proto::Attribute {
                r#type: b"\"text\"".to_vec(),
                ..text()
            },
            proto::Attribute {
                r#type: Vec::new(),
                ..text()
            },
            proto::Attribute {
                optional: false,
                ..text()
            },
            proto::Attribute {
                required: true,
                ..text()
            },
            proto::Attribute {
                computed: true,
                write_only: true,
                ..text()
            },
        ];
        for attribute in refused {
            let error = read(attribute.clone()).unwrap_err();
            assert_eq!(error.violations()[0].rule, Rule::Schema, "{attribute:?}");
        }
        let missing = Schemas::read(proto::GetProviderSchemaResponse::default()).unwrap_err();
        assert_eq!(missing.violations()[0].rule, Rule::Schema);
        let without = Schemas::read(proto::GetProviderSchemaResponse {
            provider: Some(proto::Schema::default()),
            action_schemas: [("a_sample".to_owned(), proto::ActionSchema::default())].into(),
            ..Default::default()
        });
        assert_eq!(without.unwrap_err().violations()[0].rule, Rule::Schema);
    }

    #[test]
    fn rule_39_blocks_are_counted_as_their_nesting_allows() {
        let block = |nesting: proto::BlockNesting, min_items, max_items| {
            let nested = proto::NestedBlock {
                type_name: "a".to_owned(),
                nesting: nesting.into(),
                min_items,
                max_items,
                ..Default::default()
            };
            Schemas::read(proto::GetProviderSchemaResponse {
                provider: Some(proto::Schema {
                    block: Some(proto::Block {
                        block_types: vec![nested],
                        ..Default::default()
                    }),
                    ..Default::default()
                }),
                ..Default::default()
            })
        };
        for (nesting, min_items, max_items) in [
            (proto::BlockNesting::Invalid, 0, 0),
            (proto::BlockNesting::Single, 1, 0),
            (proto::BlockNesting::Single, 2, 2),
            (proto::BlockNesting::List, -1, 0),
            (proto::BlockNesting::Set, 3, 2),
            (proto::BlockNesting::Map, 0, 1),
            (proto::BlockNesting::Group, 1, 1),
        ] {
            let error = block(nesting, min_items, max_items).unwrap_err();
            assert_eq!(
                error.violations()[0].rule,
                Rule::Schema,
                "{nesting:?} {min_items} {max_items}"
            );
        }
        block(proto::BlockNesting::Set, 1, 3).unwrap();
    }
}
