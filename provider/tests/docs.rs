//! The registry's pages in `docs/` are those that the code and the examples make.
//!
//! With `MLOPS_UPDATE_DOCS=1`, which is how `cargo xtask docs` runs it, the test writes the pages before it compares.
#![expect(clippy::panic, reason = "tests")]

use std::path::Path;

use terraform_provider_mlops::Mlops;
use tfplugin_sdk::docs;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

#[test]
fn documentation_is_up_to_date() {
    let differences = compare().unwrap_or_else(|error| panic!("{error}"));
    assert!(
        differences.is_empty(),
        "docs/ is not what the code and the examples make: run `cargo xtask docs` and commit what it writes.\n{}",
        differences.join("\n")
    );
}

fn compare() -> Result<Vec<String>, docs::DocsError> {
    let pages = docs::pages::<Mlops>(Path::new(EXAMPLES))?;
    if std::env::var_os("MLOPS_UPDATE_DOCS").is_some_and(|value| value == "1") {
        docs::write(&pages, Path::new(DOCS))?;
    }
    docs::differences(&pages, Path::new(DOCS))
}
