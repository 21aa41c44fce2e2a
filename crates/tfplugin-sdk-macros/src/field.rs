//! What is said about one field: its documentation and its `#[attr(…)]`.

use syn::ext::IdentExt;
use syn::{Error, Expr, Ident, LitInt, LitStr, Path, Result, Type};

use crate::container::documentation;

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) description: String,
    pub(crate) replace: Option<Replace>,
    /// How often it is said what replaces.
    pub(crate) replacements: usize,
    pub(crate) keep: bool,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: Option<LitStr>,
    pub(crate) default: Option<Default>,
    /// How often a default is given.
    pub(crate) defaults: usize,
    pub(crate) validators: Vec<Expr>,
    pub(crate) count: Count,
    pub(crate) conflicts: Vec<LitStr>,
    pub(crate) needs: Vec<LitStr>,
    pub(crate) version: Option<LitStr>,
}

/// Which changes replace the resource.
pub(crate) enum Replace {
    Always,
    If(Path),
}

/// Where a default comes from.
pub(crate) enum Default {
    Value(Expr),
    With(Path),
}

/// How often a block must and may stand.
#[derive(std::default::Default)]
pub(crate) struct Count {
    pub(crate) required: bool,
    pub(crate) minimum: Option<LitInt>,
    pub(crate) maximum: Option<LitInt>,
}

/// What a field can be told, for who has told it something else.
const OPTIONS: &str = "`attr` takes `replace` or `replace_if = path::to::function`, `keep`, `default = …` or \
                       `default_with = path::to::function`, `validate = …`, `conflicts_with = \"other\"`, \
                       `required_with = \"other\"`, `version = \"other\"`, `sensitive`, `deprecated = \"…\"`, and for \
                       blocks `required`, `min_items = 1` and `max_items = 9`";

impl Field {
    pub(crate) fn of(field: &syn::Field) -> Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(Error::new_spanned(field, "a model is a struct with named fields"));
        };
        let description = documentation(&field.attrs);
        if description.is_empty() {
            let message = "document the field: its `///` comment is the description that users read";
            return Err(Error::new(ident.span(), message));
        }
        let mut result = Self {
            name: ident.unraw().to_string(),
            ident,
            ty: field.ty.clone(),
            description,
            replace: None,
            replacements: 0,
            keep: false,
            sensitive: false,
            deprecated: None,
            default: None,
            defaults: 0,
            validators: Vec::new(),
            count: Count::default(),
            conflicts: Vec::new(),
            needs: Vec::new(),
            version: None,
        };
        for attribute in field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("attr"))
        {
            attribute.parse_nested_meta(|meta| result.read(&meta))?;
        }
        Ok(result)
    }

    fn read(&mut self, meta: &syn::meta::ParseNestedMeta<'_>) -> Result<()> {
        let Some(name) = meta.path.get_ident().map(ToString::to_string) else {
            return Err(meta.error(OPTIONS));
        };
        match name.as_str() {
            "replace" | "replace_if" => self.replacements += 1,
            "default" | "default_with" => self.defaults += 1,
            _ => {}
        }
        match name.as_str() {
            "replace" => self.replace = Some(Replace::Always),
            "replace_if" => self.replace = Some(Replace::If(meta.value()?.parse()?)),
            "keep" => self.keep = true,
            "sensitive" => self.sensitive = true,
            "deprecated" => self.deprecated = Some(meta.value()?.parse()?),
            "default" => self.default = Some(Default::Value(meta.value()?.parse()?)),
            "default_with" => self.default = Some(Default::With(meta.value()?.parse()?)),
            "validate" => self.validators.push(meta.value()?.parse()?),
            "conflicts_with" => self.conflicts.push(meta.value()?.parse()?),
            "required_with" => self.needs.push(meta.value()?.parse()?),
            "version" => self.version = Some(meta.value()?.parse()?),
            "required" => self.count.required = true,
            "min_items" => self.count.minimum = Some(meta.value()?.parse()?),
            "max_items" => self.count.maximum = Some(meta.value()?.parse()?),
            _ => return Err(meta.error(OPTIONS)),
        }
        Ok(())
    }
}
