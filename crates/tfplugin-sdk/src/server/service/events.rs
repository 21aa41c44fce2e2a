//! Answers that are streams.

use std::pin::Pin;

use futures::{Stream, stream};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tracing::{Instrument, Span};

use crate::diagnostic::Diagnostics;
use crate::offer::Outcome;
use crate::server::panic::caught;

pub(super) type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// How many events may wait to be read.
pub(super) const QUEUE: usize = 64;

pub(super) fn once<T: Send + 'static>(item: T) -> Events<T> {
    Box::pin(stream::iter([Ok(item)]))
}

/// Begins a call that tells events, in a task of its own: it goes on when nobody reads, and comes to its own end when
/// nobody listens any more, which cancels it. What is returned waits for the end; `None` if the process ends before.
pub(super) fn begin(
    call: impl Future<Output = Outcome<()>> + Send + 'static,
    cancellation: CancellationToken,
    span: Span,
) -> impl Future<Output = Option<Diagnostics>> + Send {
    let (done, end) = oneshot::channel();
    let call = async move {
        let diagnostics = match caught(call).await {
            Ok(Outcome { diagnostics, .. }) => diagnostics,
            Err(panic) => panic.into(),
        };
        // Nobody may be there to be told.
        let _ = done.send(diagnostics);
    };
    tokio::spawn(call.instrument(span));
    let listening = cancellation.drop_guard();
    async move {
        let diagnostics = end.await.ok();
        drop(listening);
        diagnostics
    }
}
