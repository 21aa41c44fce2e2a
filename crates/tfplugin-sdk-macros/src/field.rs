//! What is said about one field: its documentation and its `#[attr(…)]`.

use syn::ext::IdentExt;
use syn::{Error, Expr, Ident, LitStr, Result, Type};

use crate::container::documentation;

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) description: String,
    pub(crate) replace: bool,
    pub(crate) keep: bool,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: Option<LitStr>,
    pub(crate) default: Option<Expr>,
    pub(crate) validators: Vec<Expr>,
}

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
            replace: false,
            keep: false,
            sensitive: false,
            deprecated: None,
            default: None,
            validators: Vec::new(),
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
        if meta.path.is_ident("replace") {
            self.replace = true;
        } else if meta.path.is_ident("keep") {
            self.keep = true;
        } else if meta.path.is_ident("sensitive") {
            self.sensitive = true;
        } else if meta.path.is_ident("deprecated") {
            self.deprecated = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("default") {
            self.default = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("validate") {
            self.validators.push(meta.value()?.parse()?);
        } else {
            let message = "`attr` takes `replace`, `keep`, `sensitive`, `default = …`, `validate = …` and `deprecated = \"…\"`";
            return Err(meta.error(message));
        }
        Ok(())
    }
}
