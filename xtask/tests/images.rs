//! Images from their sources to a registry, with a checkout, a store and a registry of the test's own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use xtask::images::{Built, Environment, Registry, Workshop};

/// What a user's network is known by. None of it may be in an image.
const SECRET: &str = "word-of-this-network";
const AUTHORITY: &str = "authority-of-this-network";
const PROXY: &str = "proxy-of-this-network";

/// Fails to build unless what runs sees the settings. The patterns are not the words, as they stay in the history.
const BASE: &str = r"FROM docker.io/library/debian:bookworm-slim
RUN grep -q 'word-of-this-net[w]ork' /etc/xdg/pip/pip.conf \
    && grep -q 'authority-of-this-net[w]ork' /etc/xdg/pip/authorities.pem \
    && env | grep -q '^HTTPS_PROXY=.*proxy-of-this-net[w]ork' \
    && mkdir -m 0775 /data
LABEL mlops.writable=/data
ENV HOME=/tmp
USER 1001:0
";
const APP: &str = "FROM localhost/mlops/base\nCOPY file /file\n";
/// Fails to build unless the package is whole, without its tests, and the program can be run.
const PAGE: &str = r"FROM localhost/mlops/app
COPY --from=checkout/python/package . /package
COPY --from=program/registry registry /usr/local/bin/
RUN test -f /package/module.py && ! test -e /package/tests && registry --version
";

struct Site {
    folder: TempDir,
    registry: Registry,
    environment: Environment,
}

impl Site {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let checkout = folder.path().join("checkout");
        let status = Command::new("git")
            .args(["init", "--quiet"])
            .arg(&checkout)
            .status()?;
        ensure!(status.success(), "git init: {status}");
        let authorities = folder.path().join("authorities");
        fs::write(&authorities, AUTHORITY)?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut environment: Environment = variables.collect();
        for (name, value) in [
            (
                "PIP_INDEX_URL",
                format!("https://user:{SECRET}@mirror.invalid/simple"),
            ),
            ("PIP_CERT", authorities.to_string_lossy().into_owned()),
            // It also puts Docker's registry out of reach, so that Debian comes from its archive, by plain HTTP.
            ("HTTPS_PROXY", format!("http://{PROXY}.invalid:1")),
        ] {
            environment.insert(name.to_owned(), value);
        }
        let site = Self {
            registry: Registry::start(&folder.path().join("registry"))?,
            folder,
            environment,
        };
        site.write("images/base/Containerfile", BASE)?;
        site.write("images/app/Containerfile", APP)?;
        site.write("images/app/file", "1")?;
        Ok(site)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.path("checkout").join(name);
        fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        Ok(fs::write(path, content)?)
    }

    /// With buildah's store in a folder of that name.
    fn build(&self, store: &str) -> Result<Vec<Built>> {
        Workshop::new(
            &self.path("checkout"),
            &self.path(store),
            self.environment.clone(),
        )
        .build(&self.registry)
    }

    /// The tags of an image in the registry.
    fn tags(&self, name: &str) -> Result<BTreeSet<String>> {
        let tags = format!("registry/docker/registry/v2/repositories/mlops/{name}/_manifests/tags");
        let entries = fs::read_dir(self.path(&tags))?.flatten();
        Ok(entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect())
    }

    fn buildah(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("buildah");
        command
            .arg("--root")
            .arg(self.path("workshop/store"))
            .arg("--runroot")
            .arg(self.path("run"))
            .args(arguments);
        let output = command.output()?;
        ensure!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// What was built anew.
fn new(built: &[Built]) -> Vec<&str> {
    let new = built.iter().filter(|image| image.is_new);
    new.map(|image| image.name.as_str()).collect()
}

fn tag(built: &[Built], name: &str) -> String {
    let image = built.iter().find(|image| image.name == name);
    let reference = image.map(|image| image.reference.as_str()).unwrap_or_default();
    let prefix = format!("localhost:5000/mlops/{name}:");
    reference.strip_prefix(&prefix).unwrap_or_default().to_owned()
}

/// Every byte of every layer and of the configuration is searched.
fn assert_nothing_is_left(site: &Site, image: &str) -> Result<()> {
    let unpacked = site.path("unpacked");
    let target = format!("dir:{}", unpacked.display());
    site.buildah(&["push", "--quiet", "--disable-compression", image, &target])?;
    let mut bytes = 0;
    for entry in fs::read_dir(&unpacked)? {
        let content = fs::read(entry?.path())?;
        bytes += content.len();
        for wanted in [SECRET, AUTHORITY, PROXY] {
            let found = content
                .windows(wanted.len())
                .any(|part| part == wanted.as_bytes());
            assert!(!found, "{wanted} is in {image}");
        }
    }
    assert!(bytes > 50_000_000, "{bytes} bytes are no Debian");
    Ok(fs::remove_dir_all(unpacked)?)
}

fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() {
            size(&entry.path())?
        } else {
            metadata.len()
        };
    }
    Ok(bytes)
}

#[test]
fn images_are_built_when_something_changed_hold_no_secret_and_replace_older_ones() -> Result<()> {
    let site = Site::new()?;
    let first = site.build("workshop")?;
    assert_eq!(new(&first), ["base", "app"]);
    assert!(first[1].bytes() > first[0].bytes() && first[0].bytes() > 10_000_000);
    let app = tag(&first, "app");
    assert_nothing_is_left(&site, &format!("localhost/mlops/app:{app}"))?;

    // Nothing changed: buildah is not even started, so it makes no store.
    assert_eq!(new(&site.build("unused")?), Vec::<&str>::new());
    assert!(!site.path("unused/store").exists());

    // In another store the base is not built again, but pulled.
    site.write("images/app/file", &"2".repeat(10_000_000))?;
    let second = site.build("elsewhere")?;
    assert_eq!(new(&second), ["app"]);
    assert_eq!(site.tags("app")?, [app.clone(), tag(&second, "app")].into());
    let before = size(&site.path("registry"))?;

    site.write("images/app/file", "3")?;
    let third = site.build("workshop")?;
    assert_eq!(
        site.tags("app")?,
        [tag(&second, "app"), tag(&third, "app")].into()
    );
    let names = site.buildah(&["images", "--format", "{{.Tag}}"])?;
    let names: BTreeSet<&str> = names.lines().collect();
    assert_eq!(
        names,
        [tag(&third, "app"), tag(&third, "base")]
            .iter()
            .map(String::as_str)
            .collect()
    );

    // The oldest was small and the second one large: it goes with its layer.
    site.write("images/app/file", "4")?;
    site.build("workshop")?;
    let after = size(&site.path("registry"))?;
    assert!(before > after, "{before} bytes before, {after} after");
    what_an_image_copies_from_elsewhere_is_part_of_it(&site)?;
    what_is_not_fit_for_use_is_not_pushed(&site)?;
    an_image_of_a_registry_that_answers_is_pulled(&site)
}

fn what_an_image_copies_from_elsewhere_is_part_of_it(site: &Site) -> Result<()> {
    site.write("python/package/module.py", "1")?;
    site.write("python/package/tests/test_module.py", "1")?;
    site.write("examples/demo/page/Containerfile", PAGE)?;
    assert_eq!(new(&site.build("workshop")?), ["demo-page"]);
    site.write("python/package/tests/test_module.py", "2")?;
    assert_eq!(new(&site.build("workshop")?), Vec::<&str>::new());
    site.write("python/package/module.py", "2")?;
    assert_eq!(new(&site.build("workshop")?), ["demo-page"]);
    // It starts from the image that is built anew from now on.
    Ok(fs::remove_dir_all(site.path("checkout/examples"))?)
}

fn what_is_not_fit_for_use_is_not_pushed(site: &Site) -> Result<()> {
    let before = site.tags("app")?;
    for (lines, problem) in [
        (
            "USER 0\nRUN chmod 0755 /data\nUSER 1001:0\n",
            "cannot write to /data",
        ),
        ("USER 0\n", "it runs as the user \"0\""),
        ("ENV API_TOKEN=1\n", "API_TOKEN looks like a secret"),
    ] {
        site.write("images/app/Containerfile", &format!("{APP}{lines}"))?;
        let error = site
            .build("workshop")
            .map(|_| ())
            .map_err(|error| format!("{error:#}"));
        let error = error.err().unwrap_or_default();
        assert!(
            error.contains("the image app") && error.contains(problem),
            "{error}"
        );
    }
    assert_eq!(site.tags("app")?, before);
    Ok(())
}

/// The registry of the test is made the mirror of Docker's, as a user does in a network without one.
fn an_image_of_a_registry_that_answers_is_pulled(site: &Site) -> Result<()> {
    site.write("images/app/Containerfile", APP)?;
    let base = tag(&site.build("workshop")?, "base");
    let mirrors = site.path("registries.conf");
    let location = format!("{}/mlops", site.registry.address());
    fs::write(
        &mirrors,
        format!("[[registry]]\nprefix = \"docker.io/ours\"\nlocation = \"{location}\"\ninsecure = true\n"),
    )?;
    let mut environment = site.environment.clone();
    environment.insert(
        "CONTAINERS_REGISTRIES_CONF".to_owned(),
        mirrors.to_string_lossy().into_owned(),
    );
    site.write(
        "images/pulled/Containerfile",
        &format!("FROM docker.io/ours/base:{base}\nENV A=1\n"),
    )?;
    let workshop = Workshop::new(&site.path("checkout"), &site.path("elsewhere"), environment);
    assert_eq!(new(&workshop.build(&site.registry)?), ["pulled"]);

    site.write("images/pulled/Containerfile", "FROM docker.io/ours/absent:1\n")?;
    let error = workshop
        .build(&site.registry)
        .map(|_| ())
        .map_err(|error| format!("{error:#}"));
    let error = error.err().unwrap_or_default();
    assert!(
        error.contains("docker.io/ours/absent:1 is out of reach"),
        "{error}"
    );
    Ok(())
}
