//! What the tests of the process share.

use std::path::PathBuf;

use tfplugin_sdk::testing::{Error, ProviderProcess};

/// The example provider. Cargo builds it beside the tests, but not when a single one is chosen with `--test`: then it is
/// what the last build left.
pub(crate) fn greeting() -> Result<PathBuf, Error> {
    let test = std::env::current_exe().map_err(|error| Error::Process(error.to_string()))?;
    let name = format!("greeting{}", std::env::consts::EXE_SUFFIX);
    // The test is target/PROFILE/deps/NAME-HASH.
    let target = test.ancestors().nth(2).unwrap_or(&test);
    let program = target.join("examples").join(name);
    if program.is_file() {
        return Ok(program);
    }
    Err(Error::Process(format!(
        "{} is not there; build it with: cargo build -p tfplugin-sdk --example greeting",
        program.display()
    )))
}

/// The example provider, started and connected to.
pub(crate) async fn spawn() -> Result<ProviderProcess, Error> {
    ProviderProcess::spawn(greeting()?, [("TF_LOG", "debug")]).await
}
