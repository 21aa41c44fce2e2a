//! The README's provider is the example `notes`, which Terraform itself runs in the acceptance tests.
#![expect(clippy::unwrap_used, reason = "tests")]

#[test]
fn the_provider_of_the_readme_is_the_example_and_short() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```rust,no_run\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    // The example has a line more, which says what it is.
    let (_, example) = include_str!("../examples/notes.rs").split_once('\n').unwrap();
    assert_eq!(shown, example);
    assert!(shown.lines().count() <= 60, "{} lines", shown.lines().count());
}
