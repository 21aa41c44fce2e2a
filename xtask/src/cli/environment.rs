//! What of our environment a child may see.

use std::ffi::OsStr;
use std::process::Command;

/// What a program needs to run at all. Proxies are not among it: all of our traffic stays on this machine.
const KEPT: [&str; 6] = ["PATH", "TMPDIR", "LANG", "LC_ALL", "TERM", "TZ"];

/// Leaves `command` nothing but [`KEPT`].
pub(super) fn keep_essentials(command: &mut Command) {
    command.env_clear();
    for name in KEPT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
}

/// Takes from `command` what would change how Terraform, OpenTofu or a Kubernetes client behaves. For children that
/// need the rest of the environment, such as cargo.
pub fn forget_user_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_user_setting(name)) {
        command.env_remove(name);
    }
}

fn is_user_setting(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    // HELM_ and MLOPS_ because the provider and its tests read them.
    ["TF_", "TOFU_", "OPENTOFU_", "KUBE", "HELM_", "MLOPS_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_terraform_and_kubernetes_are_forgotten() {
        for name in [
            "TF_CLI_CONFIG_FILE",
            "TF_PLUGIN_CACHE_DIR",
            "KUBECONFIG",
            "KUBE_HOST",
            "KUBERNETES_SERVICE_HOST",
        ] {
            assert!(is_user_setting(OsStr::new(name)), "{name}");
        }
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTFLAGS"] {
            assert!(!is_user_setting(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn a_cleared_command_keeps_the_path_alone() {
        let mut command = Command::new("true");
        keep_essentials(&mut command);
        let names: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
        assert!(names.iter().any(|name| name == "PATH"));
        assert!(
            names.iter().all(|name| KEPT.iter().any(|kept| name == kept)),
            "{names:?}"
        );
    }
}
