//! The process in which go-cty runs, and what it answers. `acceptance-tests/tools/cty/main.go` says how it is asked.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};
use tfplugin_sdk::value::Type;
use xtask::programs::{Program, install};

/// The process. It ends when its input does.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

/// A value to read.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) form: Form,
    pub(crate) ty: Type,
    pub(crate) bytes: Vec<u8>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Msgpack,
    Json,
}

/// What go-cty read, or why it could not.
pub(crate) type Answer = Result<Seen, String>;

/// A value as go-cty has it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// What it is, in a form of the test's own.
    pub(crate) tree: serde_json::Value,
    /// As go-cty writes it.
    pub(crate) msgpack: Vec<u8>,
    /// As go-cty writes it into a state, if it can.
    pub(crate) json: Option<Vec<u8>>,
}

impl Peer {
    pub(crate) fn start() -> Result<Self> {
        let mut child = Command::new(install(Program::Cty)?.binary("cty"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start cty")?;
        Ok(Self {
            input: child.stdin.take(),
            output: child.stdout.take().context("cty has no output")?,
            child,
        })
    }

    /// Asks all at once: it reads a whole frame before it answers, so neither side waits for the other.
    pub(crate) fn ask(&mut self, questions: &[Question]) -> Result<Vec<Answer>> {
        let mut frame = Vec::new();
        for Question { form, ty, bytes } in questions {
            let form = match form {
                Form::Msgpack => "msgpack",
                Form::Json => "json",
            };
            for field in [form.as_bytes(), &ty.to_json_bytes(), bytes] {
                append(&mut frame, field)?;
            }
        }
        let mut written = Vec::new();
        append(&mut written, &frame)?;
        let input = self.input.as_mut().context("cty has no input")?;
        input.write_all(&written).context("cty ended: it reads no more")?;
        let mut length = [0; 4];
        self.output
            .read_exact(&mut length)
            .context("cty ended: it says nothing")?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.output
            .read_exact(&mut frame)
            .context("cty ended within an answer")?;
        let mut rest = frame.as_slice();
        questions.iter().map(|_| answer(&mut rest)).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        // It has nothing left to do, so this is the end of it.
        let _ = self.child.wait();
    }
}

fn answer(rest: &mut &[u8]) -> Result<Answer> {
    let error = cut(rest)?;
    if !error.is_empty() {
        return Ok(Err(String::from_utf8_lossy(error).into_owned()));
    }
    let tree = serde_json::from_slice(cut(rest)?).context("cty answered with no JSON")?;
    let msgpack = cut(rest)?.to_vec();
    let json = Some(cut(rest)?.to_vec()).filter(|json| !json.is_empty());
    Ok(Ok(Seen { tree, msgpack, json }))
}

fn append(frame: &mut Vec<u8>, field: &[u8]) -> Result<()> {
    frame.extend_from_slice(&u32::try_from(field.len())?.to_be_bytes());
    frame.extend_from_slice(field);
    Ok(())
}

fn cut<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk().context("an answer has no length")?;
    let length = u32::from_be_bytes(*length) as usize;
    let (field, behind) = behind.split_at_checked(length).context("an answer ends early")?;
    *rest = behind;
    Ok(field)
}
