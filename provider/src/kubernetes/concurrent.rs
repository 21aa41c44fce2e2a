//! Several requests at once, and not too many.

use futures::{StreamExt, stream};

/// How many objects are asked about or written at once. The API server's own priority and fairness does the rest.
const CONCURRENCY: usize = 8;

/// Runs all futures, a few at a time, and returns their outputs in order.
pub(super) async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    stream::iter(futures).buffered(CONCURRENCY).collect().await
}
