//! What Terraform forbids, or what cannot do what its author thinks it does: refused with what to write instead.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Error, LitStr, Result};

use crate::container::Kind;
use crate::field::Field;

/// What Terraform reads itself where a resource, data source or ephemeral resource is configured.
const RESERVED: [&str; 8] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "provider",
    "provisioner",
];

/// The same of a provider.
const RESERVED_OF_PROVIDER: [&str; 8] = [
    "alias",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "source",
    "version",
];

/// Refuses names and options that cannot be.
pub(crate) fn check(kind: Kind, fields: &[Field]) -> Result<()> {
    fields.iter().try_for_each(|field| {
        check_name(kind, field)?;
        check_options(field)?;
        check_kind(kind, field)
    })
}

/// Refuses a name that Terraform would not find by its provider's prefix, or not at all.
pub(crate) fn check_own_name(name: &LitStr) -> Result<()> {
    let text = name.value();
    if text.starts_with(|first: char| first.is_ascii_lowercase()) && is_valid(&text) {
        return Ok(());
    }
    let message =
        "a name begins with a lowercase letter and holds lowercase letters, digits and underscores only";
    Err(Error::new(name.span(), message))
}

fn is_valid(name: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(valid)
}

fn check_name(kind: Kind, field: &Field) -> Result<()> {
    let name = field.name.as_str();
    if !is_valid(name) {
        let message =
            "the field is an attribute, whose name holds lowercase letters, digits and underscores only";
        return Err(Error::new(field.ident.span(), message));
    }
    let (reserved, of): (&[&str], _) = match kind {
        Kind::Resource | Kind::DataSource | Kind::EphemeralResource => (&RESERVED, "every resource"),
        Kind::Provider => (&RESERVED_OF_PROVIDER, "every provider"),
        _ => (&[], ""),
    };
    if reserved.contains(&name) {
        let message = format!(
            "Terraform itself reads `{name}` in {of}, so a provider never sees it: choose another name"
        );
        return Err(Error::new(field.ident.span(), message));
    }
    Ok(())
}

/// Options that contradict each other.
fn check_options(field: &Field) -> Result<()> {
    let pairs = [
        (
            field.defaults > 1,
            "a field has one default: either `default` or `default_with`",
        ),
        (
            field.replacements > 1,
            "a field has one rule for replacement: either `replace` or `replace_if`",
        ),
        (
            field.keep && field.defaults > 0,
            "a default is planned whatever the value was before, so there is nothing to `keep`: remove one of the two",
        ),
        (
            field.count.required && (field.count.minimum.is_some() || field.count.maximum.is_some()),
            "`required` says already that the block stands exactly once",
        ),
    ];
    match pairs.into_iter().find(|(holds, _)| *holds) {
        Some((_, message)) => Err(Error::new(field.ident.span(), message)),
        None => Ok(()),
    }
}

/// Options that have no effect here.
fn check_kind(kind: Kind, field: &Field) -> Result<()> {
    if !is_read_only(kind) && !matches!(kind, Kind::Action | Kind::StateStore | Kind::ListResource) {
        return Ok(());
    }
    let option = match (field.defaults > 0, field.replacements > 0, field.keep) {
        (true, ..) => "`default`",
        (_, true, _) => "`replace`",
        (_, _, true) => "`keep`",
        _ => return Ok(()),
    };
    let message = format!(
        "{option} is part of planning, and only resources are planned: set what the configuration leaves out where it is read"
    );
    Err(Error::new(field.ident.span(), message))
}

/// What compiles only if nothing is write-only where nothing is written.
pub(crate) fn no_write_only(kind: Kind, fields: &[Field]) -> TokenStream {
    if !is_read_only(kind) {
        return TokenStream::new();
    }
    let message = "only resources have write-only attributes: Terraform has none elsewhere. Make it \
                   `Optional<Sensitive<…>>`, which hides it";
    fields
        .iter()
        .map(|field| {
            let ty = &field.ty;
            quote_spanned! {ty.span()=>
                const _: () = if <#ty as ::tfplugin_sdk::model::Member>::HOLDS.write_only {
                    ::core::panic!(#message)
                };
            }
        })
        .collect()
}

fn is_read_only(kind: Kind) -> bool {
    matches!(kind, Kind::DataSource | Kind::Provider | Kind::EphemeralResource)
}
