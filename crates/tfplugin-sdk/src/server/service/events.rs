//! Answers that are streams.

use std::pin::Pin;

use futures::{Stream, stream};
use tonic::Status;

pub(super) type Events<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

pub(super) fn once<T: Send + 'static>(item: T) -> Events<T> {
    Box::pin(stream::iter([Ok(item)]))
}
