//! A client that reads a few bytes at a time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long it rests after a bite, and how large that is.
const REST: Duration = Duration::from_millis(5);
const BITE: usize = 16;

/// A stream that is read slowly while the switch is off.
pub(crate) struct Slow<S> {
    stream: S,
    fast: Arc<AtomicBool>,
    rest: Pin<Box<Sleep>>,
}

impl<S> Slow<S> {
    /// The stream, and the switch, which is on.
    pub(crate) fn over(stream: S) -> (Self, Arc<AtomicBool>) {
        let fast = Arc::new(AtomicBool::new(true));
        let slow = Self {
            stream,
            fast: Arc::clone(&fast),
            rest: Box::pin(sleep(Duration::ZERO)),
        };
        (slow, fast)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Slow<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.fast.load(Ordering::Relaxed) {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        ready!(self.rest.as_mut().poll(cx));
        let mut bite = [0; BITE];
        let mut bite = ReadBuf::new(&mut bite[..BITE.min(buf.remaining())]);
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut bite));
        buf.put_slice(bite.filled());
        self.rest.set(sleep(REST));
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Slow<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
