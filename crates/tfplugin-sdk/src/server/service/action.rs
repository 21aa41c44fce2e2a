//! Calls about actions.

use futures::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Span;

use super::answer::Answer;
use super::events::{Events, QUEUE, begin, once};
use super::{Service, arguments, deferral};
use crate::action::{ActionPlan, Progress};
use crate::deferral::Deferral;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::offer::{ActionEntry, Outcome};
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::proto;
use crate::wire::proto::invoke_action_event::Type;

impl<P: Provider> Service<P> {
    fn action(&self, type_name: &str) -> Result<&ActionEntry<P::Client>, Diagnostic> {
        let entry = self.shared.offer.actions.get(type_name);
        entry.ok_or_else(|| Self::absent("action", type_name))
    }

    pub(super) fn validate_action(
        &self,
        request: &proto::ValidateActionConfigRequest,
    ) -> Result<proto::ValidateActionConfigResponse, Diagnostic> {
        let entry = self.action(&request.type_name)?;
        let config = read(entry, request.config.as_ref())?;
        Ok(proto::ValidateActionConfigResponse::default().and(self.validated(
            &entry.schema.block,
            entry.validate,
            config.clone(),
        )))
    }

    pub(super) async fn plan_action(
        &self,
        request: proto::PlanActionRequest,
    ) -> Result<proto::PlanActionResponse, Diagnostic> {
        let entry = self.action(&request.action_type)?;
        let config = read(entry, request.config.as_ref())?;
        let answer = proto::PlanActionResponse::default();
        // Terraform validates before values are known, and not again.
        let refusals = self.validated(&entry.schema.block, entry.validate, config.clone());
        if refusals.has_error() {
            return Ok(answer.and(refusals));
        }
        let Some(plan) = entry.plan else {
            return Ok(answer);
        };
        let Outcome {
            result, diagnostics, ..
        } = plan(self.context(&[])?, config).await;
        let answer = answer.and(diagnostics);
        if result != Some(ActionPlan::ProviderUnknown) {
            return Ok(answer);
        }
        if !deferral::allowed(request.client_capabilities) {
            return Ok(answer.and(not_yet(&request.action_type)));
        }
        Ok(proto::PlanActionResponse {
            deferred: Some(Deferral::ProviderConfigUnknown.into()),
            ..answer
        })
    }

    /// What is said, as it is said, and at the end exactly one event that it is the end.
    pub(super) fn invoke_action(
        &self,
        request: &proto::InvokeActionRequest,
        span: Span,
    ) -> Events<proto::InvokeActionEvent> {
        self.begin_action(request, span)
            .unwrap_or_else(|diagnostic| once(completed(diagnostic.into())))
    }

    fn begin_action(
        &self,
        request: &proto::InvokeActionRequest,
        span: Span,
    ) -> Result<Events<proto::InvokeActionEvent>, Diagnostic> {
        let entry = self.action(&request.action_type)?;
        let config = read(entry, request.config.as_ref())?;
        let refusals = self.validated(&entry.schema.block, entry.validate, config.clone());
        if refusals.has_error() {
            return Ok(once(completed(refusals)));
        }
        let context = self.context(&[])?;
        let cancellation = context.cancellation().clone();
        let (messages, said) = mpsc::channel(QUEUE);
        let call = (entry.invoke)(context, (config, Progress::new(messages, cancellation.clone())));
        let end = begin(call, cancellation, span);
        let completed = async move { completed(end.await.unwrap_or_else(|| ended_early().into())) };
        // The queue ends when the call does, because nothing else can hold its other end.
        let events = ReceiverStream::new(said)
            .map(progress)
            .chain(stream::once(completed));
        Ok(Box::pin(events.map(Ok)))
    }
}

fn read<C>(entry: &ActionEntry<C>, config: Option<&proto::DynamicValue>) -> Result<Value, Diagnostic> {
    arguments::read(&entry.schema.block, entry.schema.ty(), config)
}

fn progress(message: String) -> proto::InvokeActionEvent {
    proto::InvokeActionEvent {
        r#type: Some(Type::Progress(proto::ActionProgress { message })),
    }
}

fn completed(diagnostics: Diagnostics) -> proto::InvokeActionEvent {
    let diagnostics = diagnostics.into();
    proto::InvokeActionEvent {
        r#type: Some(Type::Completed(proto::ActionCompleted { diagnostics })),
    }
}

fn not_yet(type_name: &str) -> Diagnostic {
    Diagnostic::error(
        "The action cannot be planned yet",
        format!(
            "What {type_name} is to do depends on the provider's configuration, of which a part is known only after an \
             apply, and this run of Terraform does not put actions off. Apply first what the provider's configuration \
             refers to, for example with -target, and then the rest."
        ),
    )
}

fn ended_early() -> Diagnostic {
    Diagnostic::error(
        "The action was cut off",
        "The provider ended before the action did. Look at what it has done before you invoke it again.",
    )
}
