//! What takes arguments and gives nothing back: the fields that it may have are checked by the compiler.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::container::Kind;
use crate::field::Field;

/// Code that compiles only if each of the fields is one that a struct of this kind may have.
pub(crate) fn checks(kind: Kind, fields: &[Field]) -> TokenStream {
    let check = match kind {
        Kind::Action => quote!(assert_action_argument),
        Kind::StateStore => quote!(assert_state_store_argument),
        Kind::ListResource => quote!(assert_query),
        _ => return TokenStream::new(),
    };
    let checks = fields.iter().map(|field| {
        let ty = &field.ty;
        // The compiler points at the type of the field.
        quote_spanned!(ty.span()=> ::tfplugin_sdk::derive::#check::<#ty>();)
    });
    quote! { const _: fn() = || { #(#checks)* }; }
}
