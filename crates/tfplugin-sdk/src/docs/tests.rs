//! The pages of a small provider, compared with `tests/pages`, and what is refused.
//!
//! `TFPLUGIN_SDK_UPDATE_PAGES=1 cargo test -p tfplugin-sdk docs` writes the pages anew, to be read in the diff.
#![expect(clippy::unwrap_used, reason = "tests")]

mod garden;

use std::fs;
use std::path::{Path, PathBuf};

use self::garden::Garden;
use super::{DocsError, Page, differences, pages, write};

/// A folder of the test's own, gone at its end.
fn scratch(name: &str) -> tempfile::TempDir {
    tempfile::Builder::new().prefix(name).tempdir().unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/tests")
}

/// A copy of the examples, to be spoilt.
fn examples(folder: &Path) {
    for path in [
        "provider/provider.tf",
        "resources/garden_tree/resource.tf",
        "data-sources/garden_season/data-source.tf",
        "ephemeral-resources/garden_gate/ephemeral-resource.tf",
        "list-resources/garden_tree/list-resource.tfquery.hcl",
        "actions/garden_prune/action.tf",
        "state-stores/garden_shed/state-store.tf",
        "functions/water/function.tf",
    ] {
        let copy = folder.join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(fixtures().join("examples").join(path), copy).unwrap();
    }
}

#[test]
fn pages_say_what_the_schema_knows() {
    let pages = pages::<Garden>(&fixtures().join("examples")).unwrap();
    let expected = fixtures().join("pages");
    if std::env::var_os("TFPLUGIN_SDK_UPDATE_PAGES").is_some() {
        write(&pages, &expected).unwrap();
    }
    let paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "index.md",
            "resources/tree.md",
            "data-sources/season.md",
            "ephemeral-resources/gate.md",
            "list-resources/tree.md",
            "actions/prune.md",
            "state-stores/shed.md",
            "functions/water.md"
        ]
    );
    assert_eq!(differences(&pages, &expected).unwrap(), [""; 0]);
}

#[test]
fn an_example_is_required_of_everything() {
    for path in [
        "provider/provider.tf",
        "resources/garden_tree/resource.tf",
        "data-sources/garden_season/data-source.tf",
        "ephemeral-resources/garden_gate/ephemeral-resource.tf",
        "list-resources/garden_tree/list-resource.tfquery.hcl",
        "actions/garden_prune/action.tf",
        "state-stores/garden_shed/state-store.tf",
        "functions/water/function.tf",
    ] {
        let folder = scratch("missing");
        examples(folder.path());
        pages::<Garden>(folder.path()).unwrap();
        fs::write(folder.path().join(path), "\n").unwrap();
        let error = pages::<Garden>(folder.path()).unwrap_err();
        assert!(matches!(error, DocsError::MissingExample { .. }), "{error}");
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[test]
fn only_what_can_be_imported_shows_how() {
    let folder = scratch("import");
    examples(folder.path());
    let path = "data-sources/garden_season/import.sh";
    fs::write(folder.path().join(path), "terraform import x y").unwrap();
    let error = pages::<Garden>(folder.path()).unwrap_err();
    assert!(matches!(error, DocsError::NotImportable { .. }), "{error}");
    assert!(error.to_string().contains(path), "{error}");
}

#[test]
fn a_page_that_the_registries_refuse_is_refused() {
    let folder = scratch("large");
    examples(folder.path());
    fs::write(
        folder.path().join("resources/garden_tree/large.tf"),
        "#".repeat(500_000),
    )
    .unwrap();
    let error = pages::<Garden>(folder.path()).unwrap_err();
    assert!(matches!(error, DocsError::TooLarge { .. }), "{error}");
    assert!(error.to_string().contains("resources/tree.md"), "{error}");
}

#[test]
fn a_folder_is_compared_and_brought_up_to_date() {
    let folder = scratch("pages");
    let folder = folder.path();
    let all = pages::<Garden>(&fixtures().join("examples")).unwrap();
    let without_season = &all[..2];
    write(&all, folder).unwrap();
    fs::write(folder.join("resources/guide.md"), "by hand").unwrap();
    assert_eq!(differences(&all, folder).unwrap(), [""; 0]);

    let text = all[0].text.replace("# garden Provider", "# Garden");
    fs::write(folder.join("index.md"), text).unwrap();
    fs::remove_file(folder.join("resources/tree.md")).unwrap();
    assert_eq!(
        differences(without_season, folder).unwrap(),
        [
            r##"index.md differs in line 9: expected "# garden Provider", observed "# Garden""##,
            "resources/tree.md is missing",
            "data-sources/season.md is about nothing that is offered",
            "ephemeral-resources/gate.md is about nothing that is offered",
            "actions/prune.md is about nothing that is offered",
            "list-resources/tree.md is about nothing that is offered",
            "state-stores/shed.md is about nothing that is offered",
            "functions/water.md is about nothing that is offered",
        ]
    );

    write(without_season, folder).unwrap();
    assert_eq!(differences(without_season, folder).unwrap(), [""; 0]);
    assert!(!folder.join("data-sources/season.md").exists());
    assert!(folder.join("resources/guide.md").exists());
}

#[test]
fn line_breaks_count() {
    let folder = scratch("breaks");
    let page = Page {
        path: "index.md".to_owned(),
        text: "a\n".to_owned(),
    };
    fs::write(folder.path().join("index.md"), "a\n\n").unwrap();
    let found = differences(std::slice::from_ref(&page), folder.path()).unwrap();
    assert_eq!(
        found,
        [r#"index.md differs in line 2: expected the end, observed """#]
    );
    fs::write(folder.path().join("index.md"), "a\r\n").unwrap();
    assert_eq!(
        differences(&[page], folder.path()).unwrap(),
        ["index.md differs in its line breaks"]
    );
}
