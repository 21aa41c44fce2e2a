//! Hashes follow what is built, and nothing else.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use tempfile::TempDir;

use super::super::files::set_mode;
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
        checkout.write(
            "images/app/Containerfile",
            "FROM localhost/mlops/base\nCOPY src /src\n",
        )?;
        checkout.write("images/app/src/main.py", "print()\n")?;
        checkout.write(
            "images/base/Containerfile",
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

    /// Why its images cannot be told.
    fn error(&self) -> String {
        let error = Source::all(self.0.path()).map_err(|error| format!("{error:#}"));
        error.err().unwrap_or_default()
    }
}

#[test]
fn content_modes_names_and_parents_change_a_tag() -> Result<()> {
    let checkout = Checkout::new()?;
    let mut seen = vec![checkout.tags()?];
    assert_eq!(seen[0][1].len(), TAG_LENGTH);
    checkout.write("images/app/src/main.py", "print(1)\n")?;
    seen.push(checkout.tags()?);
    set_mode(&checkout.path("images/app/src/main.py"), 0o755)?;
    seen.push(checkout.tags()?);
    fs::rename(
        checkout.path("images/app/src/main.py"),
        checkout.path("images/app/src/other.py"),
    )?;
    seen.push(checkout.tags()?);
    assert!(seen.iter().all(|[base, _]| *base == seen[0][0]));
    checkout.write("images/base/new", "")?;
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
    checkout.write("images/app/tests/test_main.py", "")?;
    checkout.write("images/app/src/trace.log", "")?;
    checkout.write("images/not-an-image/file", "")?;
    set_mode(&checkout.path("images/app/src/main.py"), 0o600)?;
    assert_eq!(checkout.tags()?, before);
    Ok(())
}

#[test]
fn what_is_written_has_the_same_modes_everywhere() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("images/app/src/deep/run.sh", "")?;
    set_mode(&checkout.path("images/app/src/deep/run.sh"), 0o700)?;
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
    checkout.write("images/base/Containerfile", "FROM localhost/mlops/absent\n")?;
    let error = checkout.error();
    assert!(error.ends_with("app from base, base from absent"), "{error}");
    Ok(())
}

#[test]
fn images_of_examples_are_named_after_them() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("examples/demo/page/Containerfile", "FROM localhost/mlops/app\n")?;
    checkout.write("examples/demo/main.tf", "")?;
    let sources = Source::all(checkout.0.path())?;
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["base", "app", "demo-page"]);
    checkout.write("images/demo-page/Containerfile", "FROM scratch\n")?;
    let error = checkout.error();
    assert!(
        error.starts_with("two folders are the image demo-page"),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_shared_folder_changes_the_images_that_name_it() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("python/shared/src/shared.py", "1\n")?;
    checkout.write(
        "images/app/Containerfile",
        "FROM localhost/mlops/base\nCOPY --from=checkout/python/shared src /src\n",
    )?;
    let before = checkout.tags()?;
    checkout.write("python/shared/tests/test_shared.py", "")?;
    checkout.write("python/other/src/other.py", "")?;
    assert_eq!(checkout.tags()?, before);
    checkout.write("python/shared/src/shared.py", "2\n")?;
    let after = checkout.tags()?;
    assert_eq!(after[0], before[0]);
    assert_ne!(after[1], before[1]);

    let folder = tempfile::tempdir()?;
    Source::all(checkout.0.path())?[1].contexts[0].write(folder.path())?;
    assert_eq!(fs::read_to_string(folder.path().join("src/shared.py"))?, "2\n");
    assert!(!folder.path().join("tests").exists());
    Ok(())
}

#[test]
fn a_program_changes_an_image_by_its_version() -> Result<()> {
    let checkout = Checkout::new()?;
    let plain = checkout.tags()?;
    checkout.write(
        "images/app/Containerfile",
        "FROM localhost/mlops/base\nCOPY --from=program/etcd etcd /bin/\n",
    )?;
    let sources = Source::all(checkout.0.path())?;
    assert_ne!(sources[1].tag, plain[1]);
    let version = crate::programs::Program::Etcd.version()?;
    let mut hashed = Vec::new();
    sources[1].contexts[0].hash(&mut |bytes| hashed.push(bytes.to_vec()));
    assert_eq!(hashed, [b"program/etcd".to_vec(), version.into_bytes()]);
    Ok(())
}

#[test]
fn contexts_that_do_not_exist_are_named() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("python/empty/trace.log", "")?;
    for (name, problem) in [
        (
            "checkout/python/absent",
            "the checkout has no folder python/absent",
        ),
        (
            "checkout/python/empty",
            "git lists no file in the folder python/empty",
        ),
        ("checkout/../other", "is no path from the root of the checkout"),
        ("checkout/", "is no path from the root of the checkout"),
        ("program/absent", "there is no program absent"),
    ] {
        checkout.write(
            "images/app/Containerfile",
            &format!("FROM localhost/mlops/base\nCOPY --from={name} . /x\n"),
        )?;
        let error = checkout.error();
        assert!(
            error.contains(problem) && error.contains("images/app: in `COPY --from="),
            "{error}"
        );
    }
    Ok(())
}

#[test]
fn a_wanted_image_brings_what_it_starts_from_and_no_other() -> Result<()> {
    let checkout = Checkout::new()?;
    checkout.write("images/other/Containerfile", "FROM localhost/mlops/base\n")?;
    let sources = Source::all(checkout.0.path())?;
    let names = |wanted: &str| -> Vec<String> {
        let sources = with_parents(&sources, |name| name == wanted);
        sources.iter().map(|source| source.name.clone()).collect()
    };
    assert_eq!(names("app"), ["base", "app"]);
    assert_eq!(names("base"), ["base"]);
    assert!(names("absent").is_empty());
    Ok(())
}
