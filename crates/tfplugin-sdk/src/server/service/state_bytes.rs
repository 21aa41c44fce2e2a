//! Calls that carry states, in chunks: what authors see of them is whole.

use bytes::Bytes;
use futures::stream;
use tonic::Streaming;

use super::Service;
use super::answer::Answer;
use super::events::{Events, once};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::offer::Outcome;
use crate::provider::Provider;
use crate::server::panic::caught;
use crate::wire::proto;

/// How large a state may be, in bytes: Terraform takes no more from a store.
const STATE_LIMIT: usize = 256 << 20;

impl<P: Provider> Service<P> {
    pub(super) async fn read_state(
        &self,
        request: proto::ReadStateBytesRequest,
    ) -> Events<proto::ReadStateBytesResponse> {
        match caught(self.read_chunks(request)).await {
            Ok(Ok(chunks)) => Box::pin(stream::iter(chunks.map(Ok))),
            Ok(Err(diagnostics)) => once(no_bytes(diagnostics)),
            Err(panic) => once(no_bytes(panic.into())),
        }
    }

    async fn read_chunks(&self, request: proto::ReadStateBytesRequest) -> Result<Chunks, Diagnostics> {
        let configured = self.configured(&request.type_name)?;
        let reading = configured
            .store
            .read(self.cancellation(), request.state_id.clone());
        let Outcome {
            result, diagnostics, ..
        } = reading.await;
        if diagnostics.has_error() {
            return Err(diagnostics);
        }
        let state = Bytes::from(result.unwrap_or_default());
        if state.len() > STATE_LIMIT {
            return Err(too_large(&request.state_id, state.len()).into());
        }
        Ok(Chunks {
            state,
            size: configured.chunk_size,
            sent: 0,
            warnings: diagnostics,
        })
    }

    pub(super) async fn write_state(
        &self,
        mut chunks: Streaming<proto::WriteStateBytesChunk>,
    ) -> Result<proto::WriteStateBytesResponse, Diagnostic> {
        let mut received = Ok(Received::default());
        // To the end, also after a mistake: an answer before it reaches Terraform as a broken connection.
        while let Some(chunk) = chunks
            .message()
            .await
            .map_err(|status| broken(status.message()))?
        {
            received = received.and_then(|received| received.and(&chunk));
        }
        let (proto::WriteStateBytesMeta { type_name, state_id }, state) = received?.whole()?;
        let store = self.configured(&type_name)?.store;
        let Outcome { diagnostics, .. } = store.write(self.cancellation(), state_id, state).await;
        Ok(proto::WriteStateBytesResponse::default().and(diagnostics))
    }
}

/// A state cut into chunks of the agreed size, of which only the last may be smaller. One that is absent has none.
struct Chunks {
    state: Bytes,
    size: usize,
    sent: usize,
    warnings: Diagnostics,
}

impl Iterator for Chunks {
    type Item = proto::ReadStateBytesResponse;

    fn next(&mut self) -> Option<Self::Item> {
        let (start, total) = (self.sent, self.state.len());
        if start == total {
            // Warnings about an absent state need something to travel with.
            return (!self.warnings.is_empty()).then(|| no_bytes(std::mem::take(&mut self.warnings)));
        }
        let end = total.min(start.saturating_add(self.size));
        self.sent = end;
        Some(proto::ReadStateBytesResponse {
            bytes: self.state.slice(start..end),
            total_length: number(total),
            // The end is the place of the last byte.
            range: Some(proto::StateRange {
                start: number(start),
                end: number(end - 1),
            }),
            diagnostics: std::mem::take(&mut self.warnings).into(),
        })
    }
}

/// What has arrived of a state.
#[derive(Default)]
struct Received {
    meta: Option<proto::WriteStateBytesMeta>,
    total: usize,
    state: Vec<u8>,
}

impl Received {
    fn and(mut self, chunk: &proto::WriteStateBytesChunk) -> Result<Self, Diagnostic> {
        let total = usize::try_from(chunk.total_length).unwrap_or_default();
        if let Some(meta) = &chunk.meta {
            if total > STATE_LIMIT {
                return Err(too_large(&meta.state_id, total));
            }
            self.meta = Some(meta.clone());
            self.total = total;
            self.state.reserve_exact(total);
        }
        let start = self.state.len();
        let end = start + chunk.bytes.len();
        let range = proto::StateRange {
            start: number(start),
            end: number(end) - 1,
        };
        if self.meta.is_none() {
            return Err(broken("its first chunk does not say what it is a state of"));
        }
        if total != self.total || end > self.total {
            return Err(broken(
                "its chunks are not of the length that the first one announces",
            ));
        }
        if chunk.range != Some(range) {
            return Err(broken("a chunk is not in its place"));
        }
        self.state.extend_from_slice(&chunk.bytes);
        Ok(self)
    }

    /// The state, if all of it is there.
    fn whole(self) -> Result<(proto::WriteStateBytesMeta, Vec<u8>), Diagnostic> {
        let meta = self.meta.ok_or_else(|| broken("there is nothing in it"))?;
        if self.state.is_empty() || self.state.len() < self.total {
            let (arrived, total) = (self.state.len(), self.total);
            return Err(broken(&format!("{arrived} bytes of {total} have arrived")));
        }
        Ok((meta, self.state))
    }
}

/// No part of a state, but diagnostics. The range is there nevertheless: core follows it without looking.
fn no_bytes(diagnostics: Diagnostics) -> proto::ReadStateBytesResponse {
    proto::ReadStateBytesResponse {
        diagnostics: diagnostics.into(),
        range: Some(proto::StateRange { start: 0, end: 0 }),
        ..Default::default()
    }
}

fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn too_large(id: &str, bytes: usize) -> Diagnostic {
    Diagnostic::error(
        format!("The state {id:?} is too large"),
        format!(
            "It has {bytes} bytes, and at most {STATE_LIMIT} (256 MiB) can be transferred. Nothing was stored in place of \
             what is there. Divide the configuration into several, each with a state of its own."
        ),
    )
}

fn broken(problem: &str) -> Diagnostic {
    Diagnostic::error(
        "The state did not arrive",
        format!(
            "What Terraform sent is not whole: {problem}. Nothing was stored, and what was there is there still. Run the \
             command again; Terraform keeps a state that it could not store in the file errored.tfstate."
        ),
    )
}
