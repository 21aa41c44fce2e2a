//! A way to the API server that strikes at a chosen request, before it is passed on or after it was answered, or that
//! answers in the server's place.

use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, Result};
use xtask::kubernetes::{Api, ControlPlane};

use crate::http::{Answer, Request};

/// When to strike: at the request of this number, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Which request.
    pub request: usize,
    /// Whether the server has answered it by then.
    pub answered: bool,
}

type Strike = Box<dyn FnOnce() + Send>;

/// What is answered in the server's place to requests whose path holds a text.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The text.
    pub path: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The type of the body.
    pub content_type: &'static str,
    /// The body; where it is shorter than `length` the connection breaks off.
    pub body: String,
    /// How long the body is said to be.
    pub length: usize,
}

impl Fault {
    /// A whole answer.
    #[must_use]
    pub fn new(path: &'static str, status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        let body = body.into();
        Self {
            path,
            status,
            content_type,
            length: body.len(),
            body,
        }
    }

    fn answer(&self) -> Answer<'_> {
        Answer {
            content_type: self.content_type,
            length: self.length,
            ..Answer::json(self.status, &self.body)
        }
    }
}

/// A plain HTTP server on loopback that passes requests on with all rights, one at a time in each connection.
pub struct Proxy {
    address: String,
    shared: Arc<Shared>,
}

struct Shared {
    api: Api,
    count: AtomicUsize,
    ended: AtomicBool,
    strike: Mutex<Option<(Point, Strike)>>,
    fault: Mutex<Option<Fault>>,
}

impl Proxy {
    /// Starts to listen.
    pub fn start(control_plane: &ControlPlane) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to listen")?;
        let address = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            api: control_plane.api()?,
            count: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            strike: Mutex::new(None),
            fault: Mutex::new(None),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if accepting.ended.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                // A client that goes away in the middle is what these tests are about.
                thread::spawn(move || drop(shared.serve(&connection)));
            }
        });
        Ok(Self { address, shared })
    }

    /// What to write into `host`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Counts from 1 again, and runs `strike` at `point`.
    pub fn strike_at(&self, point: Point, strike: impl FnOnce() + Send + 'static) {
        self.shared.count.store(0, Ordering::SeqCst);
        *self.shared.strike.lock().unwrap_or_else(PoisonError::into_inner) = Some((point, Box::new(strike)));
    }

    /// Answers by `fault` from now on, or no more.
    pub fn answer_by(&self, fault: Option<Fault>) {
        *self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Strikes no more. Returns how many requests there were, and whether the point was reached.
    pub fn disarm(&self) -> (usize, bool) {
        let left = self
            .shared
            .strike
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        (self.shared.count.load(Ordering::SeqCst), left.is_none())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // Wakes the listener, so that its thread sees that it has ended.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

impl Shared {
    fn serve(&self, mut connection: &TcpStream) -> Result<()> {
        let mut reader = BufReader::new(connection);
        while let Some(asked) = Request::read(&mut reader)? {
            let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(fault) = fault.filter(|fault| asked.path.contains(fault.path)) {
                fault.answer().send(&mut connection)?;
                if fault.length != fault.body.len() {
                    return Ok(());
                }
                continue;
            }
            let request = self.count.fetch_add(1, Ordering::SeqCst) + 1;
            self.strike_if(Point {
                request,
                answered: false,
            });
            let body = asked.body.as_ref();
            let (status, answer) = self.api.call(
                &asked.method,
                &asked.path,
                body.map(|body| (asked.content_type.as_str(), body)),
            )?;
            self.strike_if(Point {
                request,
                answered: true,
            });
            Answer::json(status, &answer.to_string()).send(&mut connection)?;
        }
        Ok(())
    }

    fn strike_if(&self, point: Point) {
        let mut armed = self.strike.lock().unwrap_or_else(PoisonError::into_inner);
        if armed.as_ref().is_some_and(|(wanted, _)| *wanted == point)
            && let Some((_, strike)) = armed.take()
        {
            drop(armed);
            strike();
        }
    }
}
