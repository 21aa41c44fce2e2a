//! From what was read to what is written.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::arguments;
use crate::container::{Container, Kind};
use crate::declaration::declaration;
use crate::field::Field;
use crate::forbidden;
use crate::relation::{self, Relation};

pub(crate) fn expand(input: &DeriveInput, kind: Kind) -> Result<TokenStream> {
    let container = Container::of(input, kind)?;
    let fields = fields(input)?;
    forbidden::check(kind, &fields)?;
    let checks = arguments::checks(kind, &fields);
    let no_write_only = forbidden::no_write_only(kind, &fields);
    let relations = relation::relations(input, &fields)?;
    let members = members(input, &container, &fields, &relations);
    let face = match (kind, &container.name) {
        (Kind::Object, _) => object(input),
        (Kind::ListResource, _) => TokenStream::new(),
        (Kind::Identity, _) => identity(input, &container, &fields),
        (_, name) => {
            let (ident, version) = (&input.ident, container.version);
            quote! {
                impl ::tfplugin_sdk::model::Model for #ident {
                    const NAME: &'static str = #name;
                    const VERSION: i64 = #version;
                }
            }
        }
    };
    Ok(quote! { #members #face #checks #no_write_only })
}

/// The documented fields of a struct, in order.
pub(crate) fn fields(input: &DeriveInput) -> Result<Vec<Field>> {
    let no_struct = || Error::new(input.ident.span(), "a model is a struct with named fields");
    let Data::Struct(data) = &input.data else {
        return Err(no_struct());
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(no_struct());
    };
    fields.named.iter().map(Field::of).collect()
}

fn members(
    input: &DeriveInput,
    container: &Container,
    fields: &[Field],
    relations: &[Relation],
) -> TokenStream {
    let ident = &input.ident;
    let description = &container.description;
    let declarations = fields.iter().map(|field| declaration(field, fields, relations));
    let deprecated = option(
        container
            .deprecated
            .as_ref()
            .map(|reason| quote!(#reason.to_owned())),
    );
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    // A value of which only the field knows that it is sensitive must not be quoted either.
    let takes = fields.iter().map(|field| {
        if field.sensitive {
            quote!(take_sensitive)
        } else {
            quote!(take)
        }
    });
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    quote! {
        impl ::tfplugin_sdk::model::Members for #ident {
            const HOLDS: ::tfplugin_sdk::model::Holds = ::tfplugin_sdk::model::Holds::NOTHING
                #(.and(<#types as ::tfplugin_sdk::model::Member>::HOLDS))*;

            fn block() -> ::tfplugin_sdk::schema::Block {
                let mut block = ::tfplugin_sdk::schema::Block {
                    description: #description.to_owned(),
                    deprecated: #deprecated,
                    ..::core::default::Default::default()
                };
                #(#declarations)*
                block
            }

            fn from_attributes(
                mut attributes: ::tfplugin_sdk::model::Attributes,
            ) -> ::core::result::Result<Self, ::tfplugin_sdk::model::ModelError> {
                ::core::result::Result::Ok(Self { #(#idents: attributes.#takes(#names)?,)* })
            }

            fn into_attributes(self) -> ::std::collections::BTreeMap<::std::string::String, ::tfplugin_sdk::value::Value> {
                [#((#names.to_owned(), ::tfplugin_sdk::model::Member::into_value(self.#idents)),)*].into()
            }
        }
    }
}

pub(crate) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

fn object(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    quote! {
        impl ::tfplugin_sdk::model::AttributeValue for #ident {
            const HOLDS_UNKNOWN: bool = true;
            const HOLDS: ::tfplugin_sdk::model::Holds = <Self as ::tfplugin_sdk::model::Members>::HOLDS;

            fn attribute_type() -> ::tfplugin_sdk::schema::AttributeType {
                ::tfplugin_sdk::schema::AttributeType::Nested {
                    nesting: ::tfplugin_sdk::schema::Nesting::Single,
                    attributes: <Self as ::tfplugin_sdk::model::Members>::block().attributes,
                }
            }

            fn from_value(
                value: ::tfplugin_sdk::value::Value,
            ) -> ::core::result::Result<Self, ::tfplugin_sdk::model::ModelError> {
                <Self as ::tfplugin_sdk::model::Members>::from_attributes(::tfplugin_sdk::model::Attributes::of(value)?)
            }

            fn into_value(self) -> ::tfplugin_sdk::value::Value {
                ::tfplugin_sdk::value::Value::Mapping(::tfplugin_sdk::model::Members::into_attributes(self))
            }
        }
    }
}

fn identity(input: &DeriveInput, container: &Container, fields: &[Field]) -> TokenStream {
    let (ident, version) = (&input.ident, container.version);
    let types = fields.iter().map(|field| &field.ty);
    quote! {
        impl ::tfplugin_sdk::Identity for #ident {
            const VERSION: i64 = #version;
        }

        const _: fn() = || {
            #(::tfplugin_sdk::derive::assert_identifying::<#types>();)*
        };
    }
}
