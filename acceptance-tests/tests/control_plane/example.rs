//! The example of the first apply, and the state that an earlier version of it left.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use acceptance_tests::{Scenario, scenarios};
use anyhow::{Context as _, Result, ensure};

fn project() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    folder.map(Path::to_owned).context("the project has no folder")
}

/// Puts the example into the workspace. `rename` makes its names the test's own.
fn copy_example(scenario: &mut Scenario, rename: impl Fn(&str) -> String) -> Result<()> {
    let example = project()?.join("examples/first-apply");
    for folder in ["", "platform", "definitions", "custom"] {
        for entry in std::fs::read_dir(example.join(folder))? {
            let path = entry?.path();
            let Some(name) = path
                .file_name()
                .and_then(|name| name.to_str())
                .filter(|_| path.is_file())
            else {
                continue;
            };
            let text = std::fs::read_to_string(&path)?;
            scenario.file(&Path::new(folder).join(name).to_string_lossy(), &rename(&text))?;
        }
    }
    let kubeconfig = scenario.cluster.control_plane().kubeconfig_path();
    scenario
        .workspace
        .set_variable("kubeconfig", kubeconfig.display().to_string())?;
    scenario.workspace.init()?.ok()?;
    Ok(())
}

scenarios! {
    fn first_apply(scenario) {
        let group = format!("{}.example.com", scenario.namespace);
        copy_example(scenario, |text| {
            text.replace("first-apply.example.com", &group)
                .replace("namespace: first-apply", "namespace: NAMESPACE-app")
                .replace("name: first-apply\n", "name: NAMESPACE-app\n")
                .replace("namespace = \"first-apply\"", "namespace = \"NAMESPACE-app\"")
        })?;
        scenario.apply()?;
        let outputs = scenario.workspace.output_json()?;
        ensure!(outputs["custom_resources"]["value"] == serde_json::json!(["Model/digits"]), "{outputs}");
        let path = format!("/apis/apps/v1/namespaces/{}-app/deployments/predictor", scenario.namespace);
        let live = scenario.cluster.expect(&path)?;
        ensure!(live["metadata"]["generation"] == outputs["predictor_generation"]["value"], "{outputs}");
        let text = scenario.state_file()?;
        ensure!(!text.contains("not a secret"), "the token is in the state");
        scenario.workspace.destroy()?.ok()?;
    }

    fn state_of_earlier_versions_plans_empty(scenario) {
        // The fixtures name their namespace, so that one at a time must have it.
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        copy_example(scenario, str::to_owned)?;
        scenario.apply()?;
        let state = scenario.workspace.directory().join("terraform.tfstate");
        let current = std::fs::read(&state)?;
        let mut count = 0;
        for entry in std::fs::read_dir(project()?.join("acceptance-tests/fixtures/first-apply"))? {
            let fixture = entry?.path();
            let mut text = std::fs::read_to_string(&fixture)?;
            if scenario.workspace.cli().name() == "tofu" {
                text = text.replace("registry.terraform.io/mlops/mlops", "registry.opentofu.org/mlops/mlops");
            }
            std::fs::write(&state, text)?;
            scenario.expect_no_changes().with_context(|| format!("with {}", fixture.display()))?;
            count += 1;
        }
        ensure!(count > 0, "there is no fixture");
        std::fs::write(&state, current)?;
        scenario.workspace.destroy()?.ok()?;
    }
}
