//! A folder from which Terraform and OpenTofu install providers, in place of any registry.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};

/// `mlops/mlops` means another address to each of the two programs.
const HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// A filesystem mirror, laid out as `HOST/NAMESPACE/NAME/VERSION/OS_ARCH/`.
#[derive(Clone, Debug)]
pub struct Mirror {
    directory: PathBuf,
}

impl Mirror {
    /// Serves `provider_binary` as version `version` of `mlops/mlops` under both registries' addresses.
    pub fn prepare(directory: &Path, provider_binary: &Path, version: &str) -> Result<Self> {
        let mirror = Self::at(directory)?;
        mirror.add("mlops/mlops", provider_binary, version)?;
        Ok(mirror)
    }

    /// The mirror that `directory` is, or is to become.
    pub fn at(directory: &Path) -> Result<Self> {
        let absolute = std::path::absolute(directory);
        let directory = absolute.with_context(|| format!("no absolute path for {}", directory.display()))?;
        Ok(Self { directory })
    }

    /// Serves a further provider, whose `source` is `NAMESPACE/NAME`.
    pub fn add(&self, source: &str, provider_binary: &Path, version: &str) -> Result<()> {
        let (_, name) = source
            .split_once('/')
            .ok_or_else(|| anyhow!("{source:?} is not NAMESPACE/NAME"))?;
        for host in HOSTS {
            let package = self
                .directory
                .join(host)
                .join(source)
                .join(version)
                .join(platform());
            let failed = || {
                format!(
                    "failed to put {} into {}",
                    provider_binary.display(),
                    package.display()
                )
            };
            fs::create_dir_all(&package).with_context(failed)?;
            let target = package.join(format!("terraform-provider-{name}_v{version}"));
            // By way of a second name: a running provider keeps its binary, and nobody sees half a file.
            let mut fresh = OsString::from(&target);
            fresh.push(".new");
            fs::copy(provider_binary, &fresh).with_context(failed)?;
            fs::rename(&fresh, &target).with_context(failed)?;
        }
        Ok(())
    }

    /// The folder.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A CLI configuration that knows this mirror and no registry.
    pub(super) fn configuration(&self) -> String {
        // A JSON string is an HCL string, but for the openings of its templates.
        let path = serde_json::Value::from(self.directory.to_string_lossy()).to_string();
        let path = path.replace("${", "$${").replace("%{", "%%{");
        format!(
            "disable_checkpoint = true\n\nprovider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n"
        )
    }
}

/// The platform as Go names it, which is how both programs name it.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{architecture}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_served_under_both_addresses_and_replaced() -> Result<()> {
        let directory = tempfile::tempdir()?;
        let binary = directory.path().join("binary");
        let mirror = directory.path().join("mirror");
        for content in ["old", "new"] {
            fs::write(&binary, content)?;
            Mirror::prepare(&mirror, &binary, "1.2.3")?;
            for host in HOSTS {
                let package = mirror.join(host).join("mlops/mlops/1.2.3").join(platform());
                let entries: Vec<_> = fs::read_dir(&package)?
                    .flatten()
                    .map(|entry| entry.file_name())
                    .collect();
                assert_eq!(entries, ["terraform-provider-mlops_v1.2.3"]);
                assert_eq!(fs::read_to_string(package.join(&entries[0]))?, content);
            }
        }
        Ok(())
    }

    #[test]
    fn the_configuration_names_the_mirror_alone() {
        let mirror = Mirror {
            directory: "/a \"b\"/${c}".into(),
        };
        let text = mirror.configuration();
        assert!(text.contains(r#"path = "/a \"b\"/$${c}""#), "{text}");
        assert!(!text.contains("direct "), "{text}");
    }
}
