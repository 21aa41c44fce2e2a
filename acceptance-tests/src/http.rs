//! As much of HTTP/1.1 as the servers of the tests speak.

use std::io::{BufRead, Write};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A request with JSON.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) body: Option<Value>,
}

impl Request {
    /// The next one of a connection; `None` at its end.
    pub(crate) fn read(reader: &mut impl BufRead) -> Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (length, content_type) = headers(reader)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = if body.is_empty() {
            None
        } else {
            Some(serde_json::from_slice(&body)?)
        };
        Ok(Some(Self {
            method,
            path,
            content_type,
            body,
        }))
    }
}

/// The length and the type of the body.
fn headers(reader: &mut impl BufRead) -> Result<(usize, String)> {
    let (mut length, mut content_type) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            return Ok((length, content_type));
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().context("no length")?,
            "content-type" => value.trim().clone_into(&mut content_type),
            _ => {}
        }
    }
}

/// What is answered.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: &'a str,
    /// How long the body is said to be.
    pub(crate) length: usize,
    pub(crate) body: &'a str,
    /// Whether the connection takes no further request.
    pub(crate) is_last: bool,
}

impl<'a> Answer<'a> {
    /// A whole answer in JSON, after which the next request may come.
    pub(crate) fn json(status: u16, body: &'a str) -> Self {
        Self {
            status,
            content_type: "application/json",
            length: body.len(),
            body,
            is_last: false,
        }
    }

    pub(crate) fn send(&self, writer: &mut impl Write) -> Result<()> {
        let Self {
            status,
            content_type,
            length,
            body,
            is_last,
        } = self;
        let connection = if *is_last { "close" } else { "keep-alive" };
        let head = format!(
            "HTTP/1.1 {status} Answered\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
             connection: {connection}\r\n\r\n"
        );
        writer.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        Ok(writer.flush()?)
    }
}
