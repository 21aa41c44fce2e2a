//! What a derive tells the schema of one field, and what it lets the compiler check of it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::option;
use crate::field::{Default, Field, Replace};
use crate::relation::{self, Relation};

pub(crate) fn declaration(field: &Field, fields: &[Field], relations: &[Relation]) -> TokenStream {
    let Field {
        ty,
        name,
        description,
        keep,
        sensitive,
        validators,
        ..
    } = field;
    let checks = checks(field, fields);
    let relations = relation::told_to(field, relations);
    let deprecated = option(field.deprecated.as_ref().map(|reason| quote!(#reason)));
    let default = option(field.default.as_ref().map(|default| match default {
        Default::Value(value) => quote_spanned!(ty.span()=> ::tfplugin_sdk::derive::default::<#ty>(#value)),
        Default::With(make) => quote_spanned! {ty.span()=>
            ::tfplugin_sdk::schema::DefaultValue::With(|config| {
                ::tfplugin_sdk::derive::computed_default::<Self, #ty>(config, #make)
            })
        },
    }));
    let replace = match &field.replace {
        None => quote!(::tfplugin_sdk::schema::Replace::Never),
        Some(Replace::Always) => quote_spanned!(ty.span()=> ::tfplugin_sdk::derive::replace::<#ty>()),
        Some(Replace::If(condition)) => quote_spanned! {ty.span()=>
            ::tfplugin_sdk::schema::Replace::If(|prior, planned| {
                ::tfplugin_sdk::derive::replaces::<#ty>(prior, planned, #condition)
            })
        },
    };
    let count = count(field);
    quote! {
        #checks
        <#ty as ::tfplugin_sdk::model::Member>::declare(
            ::tfplugin_sdk::model::Declaration {
                name: #name,
                description: #description,
                replace: #replace,
                keep: #keep,
                sensitive: #sensitive,
                deprecated: #deprecated,
                default: #default,
                validators: ::std::vec![#(::std::sync::Arc::new(#validators)),*],
                count: #count,
                relations: #relations,
            },
            &mut block,
        );
    }
}

/// What compiles only if Terraform allows it.
fn checks(field: &Field, fields: &[Field]) -> TokenStream {
    let ty = &field.ty;
    let counts = field.count.minimum.is_some() || field.count.maximum.is_some();
    let calls = [
        (field.keep, quote!(assert_computed)),
        (!field.validators.is_empty(), quote!(assert_configurable)),
        (field.sensitive, quote!(assert_hideable)),
        (counts, quote!(assert_countable)),
        (field.count.required, quote!(assert_requirable)),
        (field.version.is_some(), quote!(assert_versioned)),
    ];
    let calls = calls
        .into_iter()
        .filter_map(|(holds, check)| holds.then_some(check))
        .map(|check| quote_spanned!(ty.span()=> ::tfplugin_sdk::derive::#check::<#ty>();));
    let version = relation::version_field(field, fields).map(|version| {
        let ty = &version.ty;
        quote_spanned!(ty.span()=> ::tfplugin_sdk::derive::assert_version::<#ty>();)
    });
    quote_spanned! {ty.span()=>
        const _: () = if let ::core::option::Option::Some(problem) =
            <#ty as ::tfplugin_sdk::model::Member>::PROBLEM
        {
            ::core::panic!("{}", problem)
        };
        #(#calls)*
        #version
    }
}

fn count(field: &Field) -> TokenStream {
    let count = &field.count;
    if count.required {
        return quote! {
            ::tfplugin_sdk::schema::Count { minimum: 1, maximum: ::core::option::Option::Some(1) }
        };
    }
    let minimum = count
        .minimum
        .as_ref()
        .map_or_else(|| quote!(0), |minimum| quote!(#minimum));
    let maximum = option(count.maximum.as_ref().map(|maximum| quote!(#maximum)));
    quote! {
        ::tfplugin_sdk::schema::Count { minimum: #minimum, maximum: #maximum }
    }
}
