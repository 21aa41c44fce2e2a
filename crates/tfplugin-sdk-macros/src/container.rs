//! What is said about a struct as a whole: its documentation, its name and its version.

use syn::{Attribute, DeriveInput, Error, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Result};

use crate::forbidden;

/// What the struct becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Resource,
    DataSource,
    Provider,
    EphemeralResource,
    Action,
    StateStore,
    Function,
    Identity,
    ListResource,
    Object,
}

impl Kind {
    /// The attribute that names it. Nested objects have none: they are named where they are used.
    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Resource => Some("resource"),
            Self::DataSource => Some("data_source"),
            Self::Provider => Some("provider"),
            Self::EphemeralResource => Some("ephemeral_resource"),
            Self::Action => Some("action"),
            Self::StateStore => Some("state_store"),
            Self::Function => Some("function"),
            Self::Identity => Some("identity"),
            Self::ListResource | Self::Object => None,
        }
    }

    /// Whether what is stored of it has a schema that may change.
    fn has_version(self) -> bool {
        matches!(self, Self::Resource | Self::Identity)
    }

    /// Whether it has a name of its own. An identity is its resource's.
    fn has_name(self) -> bool {
        self != Self::Identity
    }

    /// What its attribute takes.
    fn takes(self) -> &'static str {
        match self {
            Self::Resource => "`name = \"…\"`, `version = 1` and `deprecated = \"…\"`",
            Self::Identity => "`version = 1`",
            _ => "`name = \"…\"` and `deprecated = \"…\"`",
        }
    }
}

pub(crate) struct Container {
    pub(crate) description: String,
    pub(crate) name: Option<LitStr>,
    pub(crate) version: i64,
    pub(crate) deprecated: Option<LitStr>,
}

impl Container {
    pub(crate) fn of(input: &DeriveInput, kind: Kind) -> Result<Self> {
        let description = documentation(&input.attrs);
        if description.is_empty() {
            let message = "document the struct: its `///` comment is the description that users read";
            return Err(Error::new(input.ident.span(), message));
        }
        let mut container = Self {
            description,
            name: None,
            version: 0,
            deprecated: None,
        };
        let Some(expected) = kind.attribute() else {
            return Ok(container);
        };
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident(expected))
        {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") && kind.has_name() {
                    let name = meta.value()?.parse()?;
                    forbidden::check_own_name(&name)?;
                    container.name = Some(name);
                } else if meta.path.is_ident("version") && kind.has_version() {
                    container.version = meta.value()?.parse::<LitInt>()?.base10_parse()?;
                } else if meta.path.is_ident("deprecated") && kind != Kind::Identity {
                    container.deprecated = Some(meta.value()?.parse()?);
                } else {
                    return Err(meta.error(format!("`{expected}` takes {}", kind.takes())));
                }
                Ok(())
            })?;
        }
        if container.name.is_none() && kind.has_name() {
            let prefix = if kind == Kind::Function {
                ""
            } else {
                ", without the provider's prefix"
            };
            let message = format!("name it: `#[{expected}(name = \"…\")]`{prefix}");
            return Err(Error::new(input.ident.span(), message));
        }
        Ok(container)
    }
}

/// The text of the `///` comments, without the space that each line begins with.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<_> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}
