//! Schemas, diagnostics and paths as messages, and back where the test client needs it.

use super::proto;
use crate::deferral::Deferral;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::docs;
use crate::function::Declared;
use crate::offer::FunctionEntry;
use crate::path::{Path, Step};
use crate::schema::{Attribute, AttributeType, Block, BlockNesting, NestedBlock, Nesting, Schema, Usage};

impl From<&Schema> for proto::Schema {
    fn from(schema: &Schema) -> Self {
        Self {
            version: schema.version,
            block: Some((&schema.block).into()),
        }
    }
}

impl From<&Block> for proto::Block {
    fn from(block: &Block) -> Self {
        Self {
            attributes: block.attributes.iter().map(Into::into).collect(),
            block_types: block.blocks.iter().map(Into::into).collect(),
            description: block.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            deprecated: block.deprecated.is_some(),
            deprecation_message: block.deprecated.clone().unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl From<&NestedBlock> for proto::NestedBlock {
    fn from(nested: &NestedBlock) -> Self {
        let nesting = match nested.nesting {
            BlockNesting::Single => proto::BlockNesting::Single,
            BlockNesting::List => proto::BlockNesting::List,
            BlockNesting::Set => proto::BlockNesting::Set,
            BlockNesting::Map => proto::BlockNesting::Map,
            BlockNesting::Group => proto::BlockNesting::Group,
        };
        Self {
            type_name: nested.name.clone(),
            block: Some((&nested.block).into()),
            nesting: nesting.into(),
            min_items: nested.count.minimum.into(),
            // Zero is no limit.
            max_items: nested.count.maximum.map_or(0, i64::from),
        }
    }
}

impl From<&Attribute> for proto::Attribute {
    fn from(attribute: &Attribute) -> Self {
        let (ty, nested_type) = match &attribute.ty {
            AttributeType::Plain(ty) => (ty.to_json_bytes(), None),
            AttributeType::Nested { nesting, attributes } => {
                let nesting = match nesting {
                    Nesting::Single => proto::ObjectNesting::Single,
                    Nesting::List => proto::ObjectNesting::List,
                    Nesting::Set => proto::ObjectNesting::Set,
                    Nesting::Map => proto::ObjectNesting::Map,
                };
                let attributes = attributes.iter().map(Into::into).collect();
                let object = proto::NestedObject {
                    attributes,
                    nesting: nesting.into(),
                    ..Default::default()
                };
                (Vec::new(), Some(object))
            }
        };
        Self {
            name: attribute.name.clone(),
            r#type: ty,
            nested_type,
            description: attribute.description.clone(),
            required: attribute.usage == Usage::Required,
            optional: matches!(
                attribute.usage,
                Usage::Optional | Usage::OptionalComputed | Usage::WriteOnly
            ),
            computed: attribute.usage.is_computed(),
            // Also of what is write-only: core stores the mark, and a state that has it would be planned as a change.
            sensitive: attribute.sensitive,
            description_kind: proto::StringKind::Markdown.into(),
            deprecated: attribute.deprecated.is_some(),
            write_only: attribute.usage == Usage::WriteOnly,
            deprecation_message: attribute.deprecated.clone().unwrap_or_default(),
        }
    }
}

impl From<&FunctionEntry> for proto::Function {
    fn from(entry: &FunctionEntry) -> Self {
        let signature = &entry.signature;
        Self {
            parameters: signature.parameters.iter().map(Into::into).collect(),
            variadic_parameter: signature.variadic.as_ref().map(Into::into),
            r#return: Some(proto::FunctionReturn {
                r#type: entry.returns.to_json_bytes(),
            }),
            summary: docs::first_sentence(&signature.description),
            description: signature.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            deprecation_message: signature.deprecated.clone().unwrap_or_default(),
        }
    }
}

impl From<&Declared> for proto::FunctionParameter {
    fn from(parameter: &Declared) -> Self {
        Self {
            name: parameter.name.clone(),
            r#type: parameter.ty.to_json_bytes(),
            allow_null_value: parameter.null,
            allow_unknown_values: parameter.unknown,
            description: parameter.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
        }
    }
}

impl From<Deferral> for proto::Deferred {
    fn from(why: Deferral) -> Self {
        let reason = match why {
            Deferral::ResourceConfigUnknown => proto::DeferredReason::ResourceConfigUnknown,
            Deferral::ProviderConfigUnknown => proto::DeferredReason::ProviderConfigUnknown,
            Deferral::AbsentPrerequisite => proto::DeferredReason::AbsentPrereq,
        };
        Self {
            reason: reason.into(),
        }
    }
}

impl From<Diagnostic> for proto::Diagnostic {
    fn from(diagnostic: Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Error => proto::Severity::Error,
            Severity::Warning => proto::Severity::Warning,
        };
        Self {
            severity: severity.into(),
            summary: diagnostic.summary,
            detail: diagnostic.detail,
            attribute: diagnostic
                .path
                .filter(|path| !path.is_root())
                .map(|path| (&path).into()),
        }
    }
}

impl From<Diagnostics> for Vec<proto::Diagnostic> {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.into_iter().map(Into::into).collect()
    }
}

impl From<&Path> for proto::AttributePath {
    fn from(path: &Path) -> Self {
        use proto::path_step::Selector;
        let steps = path.steps().iter().map(|step| proto::PathStep {
            selector: Some(match step {
                Step::Attribute(name) => Selector::AttributeName(name.clone()),
                Step::Key(key) => Selector::ElementKeyString(key.clone()),
                Step::Index(index) => Selector::ElementKeyInt(*index),
            }),
        });
        Self {
            steps: steps.collect(),
        }
    }
}
