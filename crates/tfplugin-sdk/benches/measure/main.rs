//! What `cargo xtask bench sdk` asks of a provider `catalog` through the protocol: `measure differences OURS PEER` says
//! where two do not answer the same, `measure sample PROGRAM` how long one takes for a large state, and in how much memory.
//! Either answer is one line of JSON.
//!
//! It is here and not in xtask because it stands on the test client, and xtask must run before the SDK compiles.

mod answers;
mod large;
mod schema;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value as Json;
use tfplugin_sdk::testing::{Error, Result};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = match arguments.as_slice() {
        ["differences", ours, peer] => answers::differences(Path::new(ours), Path::new(peer)).await,
        ["sample", program] => large::sample(Path::new(program)).await,
        _ => Err(problem(
            "usage: measure differences OURS PEER, or measure sample PROGRAM",
        )),
    };
    match answer.and_then(|answer| say(&answer)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere to report that stderr is closed.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "no provider: whoever started it reads the answer there"
)]
fn say(answer: &Json) -> Result<()> {
    writeln!(std::io::stdout(), "{answer}").map_err(|error| problem(&format!("failed to answer: {error}")))
}

fn problem(text: &str) -> Error {
    Error::Process(text.to_owned())
}
