//! Hashes follow what is built, and nothing else.

use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

/// A checkout with images of its own.
struct Checkout(TempDir);

impl Checkout {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let status = Command::new("git")
            .args(["init", "--quiet"])
            .arg(folder.path())
            .status()?;
        ensure!(status.success(), "git init: {status}");
        let checkout = Self(folder);
        checkout.write(".gitignore", "*.log\n")?;
        checkout.write("app/Containerfile", "FROM localhost/mlops/base\nCOPY src /src\n")?;
        checkout.write("app/src/main.py", "print()\n")?;
        checkout.write(
            "base/Containerfile",
            "FROM docker.io/library/debian:bookworm-slim\n",
        )?;
        Ok(checkout)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        Ok(fs::write(path, content)?)
    }

    fn tags(&self) -> Result<[String; 2]> {
        let sources = Source::all(self.0.path())?;
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["base", "app"], "a parent is first");
        Ok([sources[0].tag.clone(), sources[1].tag.clone()])
    }
}

#[test]
fn content_modes_names_and_parents_change_a_tag() -> Result<()> {
    let checkout = Checkout::new()?;
    let mut seen = vec![checkout.tags()?];
    assert_eq!(seen[0][1].len(), TAG_LENGTH);
    checkout.write("app/src/main.py", "print(1)\n")?;
    seen.push(checkout.tags()?);
    set_mode(&checkout.path("app/src/main.py"), 0o755)?;
    seen.push(checkout.tags()?);
    fs::rename(
        checkout.path("app/src/main.py"),
        checkout.path("app/src/other.py"),
    )?;
    seen.push(checkout.tags()?);
    assert!(seen.iter().all(|[base, _]| *base == seen[0][0]));
    checkout.write("base/new", "")?;
    seen.push(checkout.tags()?);
    assert_ne!(seen[3][0], seen[4][0]);
    for (index, [_, app]) in seen.iter().enumerate() {
        assert!(
            !seen[..index].iter().any(|[_, earlier]| earlier == app),
            "{seen:?}"
        );
    }
    Ok(())
}

#[test]
fn tests_ignored_files_and_the_umask_change_nothing() -> Result<()> {
    let checkout = Checkout::new()?;
    let before = checkout.tags()?;
    checkout.write("app/tests/test_main.py", "")?;
    checkout.write("app/src/trace.log", "")?;
    checkout.write("not-an-image/file", "")?;
    set_mode(&checkout.path("app/src/main.py"), 0o600)?;
    assert_eq!(checkout.tags()?, before);
    Ok(())
}

#[test]
fn what_is_written_has_the_same_modes_everywhere() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("app/src/deep/run.sh", "")?;
    set_mode(&checkout.path("app/src/deep/run.sh"), 0o700)?;
    let sources = Source::all(checkout.0.path())?;
    let folder = tempfile::tempdir()?;
    sources[1].write(folder.path())?;
    for (name, mode) in [
        ("src", 0o755),
        ("src/deep", 0o755),
        ("src/deep/run.sh", 0o755),
        ("src/main.py", 0o644),
    ] {
        let found = folder.path().join(name).metadata()?.permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
    Ok(())
}

#[test]
fn images_that_start_from_each_other_or_from_none_are_named() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("base/Containerfile", "FROM localhost/mlops/absent\n")?;
    let error = Source::all(checkout.0.path()).map_err(|error| error.to_string());
    let error = error.err().unwrap_or_default();
    assert!(error.ends_with("app from base, base from absent"), "{error}");
    Ok(())
}
