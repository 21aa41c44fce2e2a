//! Calls for what the provider does not offer: lists are empty, and whoever asks by name learns that there is none.

use std::pin::Pin;

use futures::{Stream, stream};
use tonic::Status;

use super::Service;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::provider::Provider;
use crate::wire::proto;

pub(super) type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

fn once<T: Send + 'static>(item: T) -> Events<T> {
    Box::pin(stream::iter([Ok(item)]))
}

impl<P: Provider> Service<P> {
    pub(super) fn no_state_store<A>(type_name: &str) -> Result<A, Diagnostic> {
        Err(Self::absent("state store", type_name))
    }

    pub(super) fn no_action<A>(type_name: &str) -> Result<A, Diagnostic> {
        Err(Self::absent("action", type_name))
    }

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

    pub(super) fn no_state_bytes(type_name: &str) -> Events<proto::ReadStateBytesResponse> {
        let diagnostics = Diagnostics::from(Self::absent("state store", type_name));
        // The range must be there even in an error: core reads it before it looks at the diagnostics.
        let range = Some(proto::StateRange { start: 0, end: 0 });
        once(proto::ReadStateBytesResponse {
            diagnostics: diagnostics.into(),
            range,
            ..Default::default()
        })
    }

    pub(super) fn no_action_events(type_name: &str) -> Events<proto::InvokeActionEvent> {
        use proto::invoke_action_event::Type;
        let diagnostics = Diagnostics::from(Self::absent("action", type_name)).into();
        once(proto::InvokeActionEvent {
            r#type: Some(Type::Completed(proto::ActionCompleted { diagnostics })),
        })
    }
}
