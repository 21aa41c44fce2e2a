//! Functions: a struct is the parameters, in the order of its fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::container::{Container, Kind};
use crate::expand;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let container = Container::of(input, Kind::Function)?;
    let fields = expand::fields(input)?;
    let (ident, name, description) = (&input.ident, &container.name, &container.description);
    let deprecated = expand::option(container.deprecated.as_ref().map(|reason| quote!(#reason)));
    let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let descriptions: Vec<_> = fields.iter().map(|field| &field.description).collect();
    Ok(quote! {
        impl ::tfplugin_sdk::function::Parameters for #ident {
            const NAME: &'static str = #name;

            fn signature() -> ::tfplugin_sdk::function::Signature {
                let mut signature = ::tfplugin_sdk::function::Signature::new(#description, #deprecated);
                #(<#types as ::tfplugin_sdk::function::Parameter>::declare(#names, #descriptions, &mut signature);)*
                signature
            }

            fn from_arguments(
                mut arguments: ::tfplugin_sdk::function::Arguments,
            ) -> ::core::result::Result<Self, ::tfplugin_sdk::function::FunctionError> {
                // The fields of a struct are evaluated in the order in which they stand here.
                ::core::result::Result::Ok(Self {
                    #(#idents: <#types as ::tfplugin_sdk::function::Parameter>::take(&mut arguments)?,)*
                })
            }
        }
    })
}
