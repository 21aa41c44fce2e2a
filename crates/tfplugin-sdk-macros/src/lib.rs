//! The derives of `tfplugin-sdk`: a documented struct is schema, codec and documentation.
//!
//! Use them through that crate, whose documentation says what they take and make.
#![forbid(unsafe_code)]

mod arguments;
mod container;
mod declaration;
mod expand;
mod field;
mod forbidden;
mod function;
mod relation;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::container::Kind;

/// Makes a struct the model of a resource: `#[resource(name = "…", version = 1)]`.
#[proc_macro_derive(Resource, attributes(resource, attr))]
pub fn derive_resource(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::Resource)
}

/// Makes a struct the model of a data source: `#[data_source(name = "…")]`.
#[proc_macro_derive(DataSource, attributes(data_source, attr))]
pub fn derive_data_source(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::DataSource)
}

/// Makes a struct the model of a provider's configuration: `#[provider(name = "…")]`.
#[proc_macro_derive(Provider, attributes(provider, attr))]
pub fn derive_provider(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::Provider)
}

/// Makes a struct the model of an ephemeral resource: `#[ephemeral_resource(name = "…")]`.
#[proc_macro_derive(EphemeralResource, attributes(ephemeral_resource, attr))]
pub fn derive_ephemeral_resource(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::EphemeralResource)
}

/// Makes a struct the configuration of an action: `#[action(name = "…")]`.
#[proc_macro_derive(Action, attributes(action, attr))]
pub fn derive_action(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::Action)
}

/// Makes a struct the configuration of a state store: `#[state_store(name = "…")]`.
#[proc_macro_derive(StateStore, attributes(state_store, attr))]
pub fn derive_state_store(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::StateStore)
}

/// Makes a struct the parameters of a function, in the order of its fields: `#[function(name = "…")]`.
#[proc_macro_derive(Function, attributes(function))]
pub fn derive_function(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    function::expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Makes a struct the identity of a resource: `#[identity(version = 1)]`, where the version is not 0.
#[proc_macro_derive(Identity, attributes(identity))]
pub fn derive_identity(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::Identity)
}

/// Makes a struct the query of a list resource, which has the name of the resource that it lists.
#[proc_macro_derive(ListResource, attributes(attr))]
pub fn derive_list_resource(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::ListResource)
}

/// Makes a struct the model of a nested attribute or a nested block.
#[proc_macro_derive(Object, attributes(attr))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    expand_as(input, Kind::Object)
}

fn expand_as(input: TokenStream, kind: Kind) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input, kind)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
