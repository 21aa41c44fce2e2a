//! What a page is about.

use std::path::{Path, PathBuf};

use super::{function, schema};
use crate::offer::{FunctionEntry, ResourceEntry};
use crate::schema::{Block, Schema};

/// What a page is about.
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    /// The provider's name, which is the prefix of every type.
    pub(super) provider: &'a str,
    /// The type as configurations name it; of the provider, its name.
    pub(super) name: &'a str,
    content: Content<'a>,
    /// Whether it can be imported by an id.
    pub(super) importable: bool,
    /// What it can be imported by as well.
    pub(super) identity: Option<&'a Block>,
}

/// What there is to say about it.
enum Content<'a> {
    Block(&'a Block),
    Function(&'a FunctionEntry),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Provider,
    Resource,
    DataSource,
    EphemeralResource,
    ListResource,
    Action,
    StateStore,
    Function,
}

impl<'a> Subject<'a> {
    pub(super) fn provider(provider: &'a str, block: &'a Block) -> Self {
        Self::of(Kind::Provider, provider, provider, Content::Block(block))
    }

    pub(super) fn resource<C>(provider: &'a str, name: &'a str, entry: &'a ResourceEntry<C>) -> Self {
        Self {
            importable: entry.import.is_some(),
            identity: entry.identity.as_ref().map(|identity| &identity.schema.block),
            ..Self::typed(Kind::Resource, provider, name, &entry.schema)
        }
    }

    /// Anything that has a type and a schema, and nothing that can be imported.
    pub(super) fn typed(kind: Kind, provider: &'a str, name: &'a str, schema: &'a Schema) -> Self {
        Self::of(kind, provider, name, Content::Block(&schema.block))
    }

    pub(super) fn function(provider: &'a str, name: &'a str, function: &'a FunctionEntry) -> Self {
        Self::of(Kind::Function, provider, name, Content::Function(function))
    }

    fn of(kind: Kind, provider: &'a str, name: &'a str, content: Content<'a>) -> Self {
        Self {
            kind,
            provider,
            name,
            content,
            importable: false,
            identity: None,
        }
    }

    pub(super) fn description(&self) -> &str {
        match self.content {
            Content::Block(block) => &block.description,
            Content::Function(function) => &function.signature.description,
        }
    }

    /// The sections about what it consists of.
    pub(super) fn sections(&self) -> Vec<String> {
        match self.content {
            Content::Block(block) => schema::render(block),
            Content::Function(function) => function::render(self.name, function),
        }
    }

    /// The page, relative to the folder of all pages.
    pub(super) fn path(&self) -> String {
        let name = self
            .name
            .strip_prefix(self.provider)
            .and_then(|name| name.strip_prefix('_'))
            .unwrap_or(self.name);
        match self.kind {
            Kind::Provider => "index.md".to_owned(),
            Kind::Resource => format!("resources/{name}.md"),
            Kind::DataSource => format!("data-sources/{name}.md"),
            Kind::EphemeralResource => format!("ephemeral-resources/{name}.md"),
            Kind::ListResource => format!("list-resources/{name}.md"),
            Kind::Action => format!("actions/{name}.md"),
            Kind::StateStore => format!("state-stores/{name}.md"),
            // A function's name has no prefix.
            Kind::Function => format!("functions/{}.md", self.name),
        }
    }

    /// The folder of its examples.
    pub(super) fn examples(&self, root: &Path) -> PathBuf {
        match self.kind {
            Kind::Provider => root.join("provider"),
            Kind::Resource => root.join("resources").join(self.name),
            Kind::DataSource => root.join("data-sources").join(self.name),
            Kind::EphemeralResource => root.join("ephemeral-resources").join(self.name),
            Kind::ListResource => root.join("list-resources").join(self.name),
            Kind::Action => root.join("actions").join(self.name),
            Kind::StateStore => root.join("state-stores").join(self.name),
            Kind::Function => root.join("functions").join(self.name),
        }
    }

    /// The example that every subject must have.
    pub(super) fn main_example(&self) -> &'static str {
        match self.kind {
            Kind::Provider => "provider.tf",
            Kind::Resource => "resource.tf",
            Kind::DataSource => "data-source.tf",
            Kind::EphemeralResource => "ephemeral-resource.tf",
            Kind::ListResource => "list-resource.tfquery.hcl",
            Kind::Action => "action.tf",
            Kind::StateStore => "state-store.tf",
            Kind::Function => "function.tf",
        }
    }
}
