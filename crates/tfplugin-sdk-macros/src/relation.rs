//! Rules between fields: said on a field or on the struct, told to every field that they are about.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Error, LitStr, Result, Token, parenthesized};

use crate::field::Field;

/// A rule between members of an object, which are named as strings.
pub(crate) struct Relation {
    kind: &'static str,
    owner: String,
    members: Vec<String>,
}

/// What a struct can be told, for who has told it something else.
const OPTIONS: &str = "`attr` on a struct takes `conflicting(\"a\", \"b\")`, `at_least_one_of(…)`, `exactly_one_of(…)` and \
                       `required_together(…)`";

/// The rules that the struct and its fields are told.
pub(crate) fn relations(input: &DeriveInput, fields: &[Field]) -> Result<Vec<Relation>> {
    let mut found = Vec::new();
    for attribute in input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("attr"))
    {
        attribute.parse_nested_meta(|meta| {
            found.push(of_struct(&meta, fields)?);
            Ok(())
        })?;
    }
    for field in fields {
        found.extend(of_field(field, fields)?);
    }
    Ok(found)
}

fn of_struct(meta: &ParseNestedMeta<'_>, fields: &[Field]) -> Result<Relation> {
    let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
    let kind = match name.as_str() {
        "conflicting" => "Conflict",
        "at_least_one_of" => "AtLeastOne",
        "exactly_one_of" => "ExactlyOne",
        "required_together" => "Together",
        _ => return Err(meta.error(OPTIONS)),
    };
    let members;
    parenthesized!(members in meta.input);
    let members = Punctuated::<LitStr, Token![,]>::parse_terminated(&members)?;
    if members.len() < 2 {
        return Err(meta.error(format!("`{name}` is about at least two fields")));
    }
    for member in &members {
        check(member, fields)?;
    }
    let members: Vec<_> = members.iter().map(LitStr::value).collect();
    let is_field = |member: &&String| fields.iter().any(|field| field.name == **member);
    let Some(owner) = members.iter().find(is_field).cloned() else {
        return Err(meta.error(format!(
            "one of what `{name}` is about must be a field of this struct"
        )));
    };
    Ok(Relation { kind, owner, members })
}

fn of_field(field: &Field, fields: &[Field]) -> Result<Vec<Relation>> {
    let mut found = Vec::new();
    let told = [("Conflict", &field.conflicts), ("Needs", &field.needs)];
    for (kind, others) in told {
        for other in others {
            check(other, fields)?;
            found.push(between(kind, field, other));
        }
    }
    if let Some(version) = &field.version {
        if version_field(field, fields).is_none() {
            return Err(unknown(version, fields));
        }
        found.push(between("Version", field, version));
    }
    Ok(found)
}

/// The field that is changed to have a write-only value written again.
pub(crate) fn version_field<'a>(field: &Field, fields: &'a [Field]) -> Option<&'a Field> {
    let version = field.version.as_ref()?.value();
    fields.iter().find(|other| other.name == version)
}

fn between(kind: &'static str, field: &Field, other: &LitStr) -> Relation {
    Relation {
        kind,
        owner: field.name.clone(),
        members: vec![field.name.clone(), other.value()],
    }
}

/// A plain name is that of a field. What is further away is found when the schema is checked.
fn check(member: &LitStr, fields: &[Field]) -> Result<()> {
    let name = member.value();
    let is_near = !name.contains(['/', '.']);
    if is_near && !fields.iter().any(|field| field.name == name) {
        return Err(unknown(member, fields));
    }
    Ok(())
}

fn unknown(member: &LitStr, fields: &[Field]) -> Error {
    let names: Vec<_> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
    let message = format!(
        "there is no field `{}` here; there are {}. What is in a field is `field.inner`, and a path from the root begins \
         with `/`",
        member.value(),
        names.join(", ")
    );
    Error::new(member.span(), message)
}

/// The rules that are about this field, as an expression.
pub(crate) fn told_to(field: &Field, relations: &[Relation]) -> TokenStream {
    let own = relations
        .iter()
        .filter(|relation| relation.members.contains(&field.name));
    let own = own.map(|relation| {
        let kind = format_ident!("{}", relation.kind);
        let (owner, members) = (&relation.owner, &relation.members);
        quote! {
            ::tfplugin_sdk::schema::Relation {
                kind: ::tfplugin_sdk::schema::RelationKind::#kind,
                owner: #owner,
                members: ::std::vec![#(#members),*],
            }
        }
    });
    quote!(::std::vec![#(#own),*])
}
