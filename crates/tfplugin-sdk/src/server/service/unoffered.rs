//! Calls for what the provider does not offer: lists are empty, and whoever asks by name learns that there is none.

use std::pin::Pin;

use futures::{Stream, stream};
use tonic::Status;

use super::Service;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::provider::Provider;
use crate::wire::proto;

pub(super) type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

pub(super) fn once<T: Send + 'static>(item: T) -> Events<T> {
    Box::pin(stream::iter([Ok(item)]))
}

impl<P: Provider> Service<P> {
    pub(super) fn no_list<A>(type_name: &str) -> Result<A, Diagnostic> {
        Err(Self::absent("list resource", type_name))
    }

    pub(super) fn no_list_events(type_name: &str) -> Events<proto::ListResourceEvent> {
        let diagnostic = Diagnostics::from(Self::absent("list resource", type_name));
        once(proto::ListResourceEvent {
            diagnostic: diagnostic.into(),
            ..Default::default()
        })
    }
}
