//! One call: a task of its own, a token that cancels it, and what its log entries have in common.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use tonic::{Response, Status};
use tracing::{Instrument, Span};

use super::Service;
use super::answer::{Answer, answer_or};
use crate::diagnostic::Diagnostic;
use crate::provider::Provider;

/// The span of a call, with the keys that Go's SDK writes, so that one search finds the entries of all providers.
macro_rules! span {
    ($rpc:literal $(, $key:ident = $value:expr)?) => {
        tracing::info_span!(
            "call",
            tf_rpc = $rpc,
            tf_req_id = %$crate::server::service::call::next_id(),
            $($key = $value.as_str(),)?
        )
    };
}
pub(super) use span;

/// An id that no other call has, of this process or of another that writes to the same log.
pub(super) fn next_id() -> String {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    format!("{}-{}", std::process::id(), CALLS.fetch_add(1, Ordering::Relaxed))
}

impl<P: Provider> Service<P> {
    /// This provider in a call of its own, which `StopProvider` cancels.
    pub(super) fn begin(&self) -> Self {
        let current = self.shared.cancellation.lock();
        Self {
            shared: self.shared.clone(),
            cancellation: current.unwrap_or_else(PoisonError::into_inner).child_token(),
        }
    }

    /// Runs a call in a task of its own. Whoever waits for it may go away, as Terraform does when it is killed, or give up
    /// at a deadline: the call is cancelled then, and comes to its own end all the same, so that what it has made is
    /// recorded wherever its author records it.
    pub(super) async fn in_task<T: Send + 'static, F>(
        &self,
        span: Span,
        call: impl FnOnce(Self) -> F,
    ) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>> + Send + 'static,
    {
        let service = self.begin();
        let waiting = service.cancellation.clone().drop_guard();
        let call = call(service).instrument(span);
        let answer = tokio::spawn(call).await;
        waiting.disarm();
        answer.unwrap_or_else(|_| Err(Status::cancelled("the provider ended before the call did")))
    }

    /// Answers a call by what its author does.
    pub(super) async fn run<A, F>(
        &self,
        span: Span,
        call: impl FnOnce(Self) -> F,
    ) -> Result<Response<A>, Status>
    where
        A: Answer + Send + 'static,
        F: Future<Output = Result<A, Diagnostic>> + Send + 'static,
    {
        self.run_or(A::default(), span, call).await
    }

    /// The same for a call that changes a resource, whose state must survive a failure: `before` is what was sent.
    pub(super) async fn run_or<A, F>(
        &self,
        before: A,
        span: Span,
        call: impl FnOnce(Self) -> F,
    ) -> Result<Response<A>, Status>
    where
        A: Answer + Send + 'static,
        F: Future<Output = Result<A, Diagnostic>> + Send + 'static,
    {
        self.in_task(span, |service| answer_or(before, call(service)))
            .await
    }
}
