//! A schema by its meaning, as lines that can be compared: neither the order of attributes nor the encoding matters.

use std::collections::BTreeMap;

use tfplugin_sdk::testing::proto::{Attribute, GetProviderSchemaRequest, NestedObject, Schema};
use tfplugin_sdk::testing::{Client, Result};
use tfplugin_sdk::value::Type;

use crate::problem;

/// What a provider announces, by path. Beside the schemas it is said how much else there is.
pub(crate) async fn announced(client: &Client) -> Result<BTreeMap<String, String>> {
    let response = client
        .raw()
        .get_provider_schema(GetProviderSchemaRequest {})
        .await;
    let response = response
        .map_err(|status| problem(&status.to_string()))?
        .into_inner();
    let mut lines = BTreeMap::new();
    if let Some(provider) = &response.provider {
        add_schema(&mut lines, "provider", provider)?;
    }
    for (name, schema) in &response.resource_schemas {
        add_schema(&mut lines, name, schema)?;
    }
    let others = [
        response.data_source_schemas.len(),
        response.ephemeral_resource_schemas.len(),
        response.functions.len(),
    ];
    lines.insert("others".to_owned(), format!("{others:?}"));
    Ok(lines)
}

fn add_schema(lines: &mut BTreeMap<String, String>, name: &str, schema: &Schema) -> Result<()> {
    let block = schema
        .block
        .as_ref()
        .ok_or_else(|| problem("a schema has no block"))?;
    lines.insert(
        name.to_owned(),
        format!(
            "version {}, {} blocks: {}",
            schema.version,
            block.block_types.len(),
            block.description
        ),
    );
    add_attributes(lines, name, &block.attributes)
}

fn add_attributes(
    lines: &mut BTreeMap<String, String>,
    parent: &str,
    attributes: &[Attribute],
) -> Result<()> {
    for attribute in attributes {
        let path = format!("{parent}.{}", attribute.name);
        lines.insert(path.clone(), described(attribute)?);
        if let Some(NestedObject { attributes, .. }) = &attribute.nested_type {
            add_attributes(lines, &path, attributes)?;
        }
    }
    Ok(())
}

/// All but the reason for a deprecation, which the framework does not send.
fn described(attribute: &Attribute) -> Result<String> {
    let ty = match &attribute.nested_type {
        Some(nested) => format!("{:?}", nested.nesting()),
        None => Type::from_json_bytes(&attribute.r#type)
            .map_err(|error| problem(&error.to_string()))?
            .to_string(),
    };
    let flags = [
        ("required", attribute.required),
        ("optional", attribute.optional),
        ("computed", attribute.computed),
        ("sensitive", attribute.sensitive),
        ("deprecated", attribute.deprecated),
        ("write-only", attribute.write_only),
    ];
    let flags: Vec<_> = flags
        .iter()
        .filter(|(_, set)| *set)
        .map(|(name, _)| *name)
        .collect();
    let kind = attribute.description_kind();
    Ok(format!(
        "{ty}, {}, {kind:?}: {}",
        flags.join(" "),
        attribute.description
    ))
}
