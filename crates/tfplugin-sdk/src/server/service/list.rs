//! Calls about list resources.

use futures::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Span;

use super::answer::Answer;
use super::events::{Events, QUEUE, begin, once};
use super::{Service, arguments, identity};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::list::Found;
use crate::offer::{ListEntry, Query};
use crate::plan;
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::{proto, write_dynamic};

/// How many things Terraform asks for that does not say it.
const LIMIT: usize = 100;

impl<P: Provider> Service<P> {
    fn list_entry(&self, type_name: &str) -> Result<&ListEntry<P::Client>, Diagnostic> {
        let entry = self.shared.offer.lists.get(type_name);
        entry.ok_or_else(|| Self::absent("list resource", type_name))
    }

    pub(super) fn validate_list(
        &self,
        request: &proto::ValidateListResourceConfigRequest,
    ) -> Result<proto::ValidateListResourceConfigResponse, Diagnostic> {
        let entry = self.list_entry(&request.type_name)?;
        let config = read(entry, request.config.as_ref())?;
        let diagnostics = self.validated(&entry.schema.block, entry.validate, config);
        Ok(proto::ValidateListResourceConfigResponse::default().and(diagnostics))
    }

    /// What is found, as it is found, and at the end what is to be said of it all.
    pub(super) fn list(
        &self,
        request: proto::ListResourceRequest,
        span: Span,
    ) -> Events<proto::ListResourceEvent> {
        self.begin_list(request, span)
            .unwrap_or_else(|diagnostic| once(told(diagnostic.into())))
    }

    fn begin_list(
        &self,
        request: proto::ListResourceRequest,
        span: Span,
    ) -> Result<Events<proto::ListResourceEvent>, Diagnostic> {
        let entry = self.list_entry(&request.type_name)?;
        // That the resource is there and has an identity is checked when the schemas are announced.
        self.resource(&request.type_name)?;
        let context = self.context(&[])?;
        let cancellation = context.cancellation().clone();
        let (sender, found) = mpsc::channel(QUEUE);
        let with_resource = request.include_resource_object;
        let query = Query {
            config: read(entry, request.config.as_ref())?,
            limit: usize::try_from(request.limit)
                .ok()
                .filter(|limit| *limit > 0)
                .unwrap_or(LIMIT),
            with_resource,
            found: sender,
        };
        let call = (entry.list)(context, query);
        let end = begin(call, cancellation, span);
        let service = self.clone();
        let events = ReceiverStream::new(found).map(move |found| {
            let event = service.event(&request.type_name, with_resource, found);
            event.unwrap_or_else(|diagnostic| told(diagnostic.into()))
        });
        let last = stream::once(end).filter_map(|diagnostics| async move {
            diagnostics
                .filter(|diagnostics| !diagnostics.is_empty())
                .map(told)
        });
        Ok(Box::pin(events.chain(last).map(Ok)))
    }

    fn event(
        &self,
        type_name: &str,
        with_resource: bool,
        found: Found,
    ) -> Result<proto::ListResourceEvent, Diagnostic> {
        let entry = self.resource(type_name)?;
        let Found {
            display_name,
            mut state,
        } = found;
        let identity = identity::of(entry, &state)?.ok_or_else(|| {
            Diagnostic::bug(format!(
                "The query for {type_name} found {display_name:?} without a whole identity."
            ))
        })?;
        let mut event = proto::ListResourceEvent {
            identity: Some(identity),
            display_name,
            ..Default::default()
        };
        if with_resource {
            plan::drop_write_only(&entry.schema.block, &mut state);
            if !state.is_wholly_known() {
                return Err(Diagnostic::bug(format!(
                    "The query for {type_name} left a value of {:?} unknown.",
                    event.display_name
                )));
            }
            event.resource_object = Some(write_dynamic(&state, entry.schema.ty())?);
        }
        Ok(event)
    }
}

fn read<C>(entry: &ListEntry<C>, config: Option<&proto::DynamicValue>) -> Result<Value, Diagnostic> {
    arguments::read(&entry.schema.block, entry.schema.ty(), config)
}

fn told(diagnostics: Diagnostics) -> proto::ListResourceEvent {
    proto::ListResourceEvent {
        diagnostic: diagnostics.into(),
        ..Default::default()
    }
}
