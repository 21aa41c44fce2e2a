//! Lives of resources on the real cluster, driven by the SDK's test client, which asserts core's rules at each step.

use acceptance_tests::scenarios;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Client, Lifecycle, ProviderProcess};

/// Runs `test` with the provider on the scenario's cluster.
fn with_provider<F>(scenario: &acceptance_tests::Scenario, test: impl FnOnce(Client) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let provider = ProviderProcess::spawn(&scenario.bed.provider, [("TF_LOG", "debug")]).await?;
        let client = provider.client().clone();
        let kubeconfig = scenario.cluster.control_plane().kubeconfig_path();
        client
            .configure(&json!({"config_path": kubeconfig.display().to_string()}))
            .await?;
        test(client).await?;
        ensure!(
            !provider.shutdown().await?.killed,
            "the provider had to be killed"
        );
        Ok(())
    })
}

fn config_map(namespace: &str, name: &str, level: &str) -> Value {
    json!({"manifest": {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": {"level": level, "empty": null},
    }})
}

scenarios! {
    fn a_manifest_keeps_them(scenario) {
        let namespace = scenario.namespace.clone();
        with_provider(scenario, |client| async move {
            let mut resource = Lifecycle::new(&client, "mlops_manifest");
            resource.converge(&config_map(&namespace, "one", "info")).await?;
            resource.converge(&config_map(&namespace, "one", "debug")).await?;
            let plan = resource.plan(&config_map(&namespace, "two", "debug")).await?;
            ensure!(plan.action == Action::Replace, "{plan:?}");
            resource.apply(&plan).await?;
            resource.expect_no_change(&config_map(&namespace, "two", "debug")).await?;
            ensure!(resource.json()["object"]["metadata"]["name"] == "two", "{}", resource.json());

            let mut imported = Lifecycle::new(&client, "mlops_manifest");
            let id = format!("apiVersion=v1,kind=ConfigMap,namespace={namespace},name=two");
            imported.import(&id).await?;
            imported.converge(&config_map(&namespace, "two", "debug")).await?;
            let identity = json!({"api_version": "v1", "kind": "ConfigMap", "namespace": namespace, "name": "two"});
            let mut imported = Lifecycle::new(&client, "mlops_manifest");
            imported.import_by_identity(&identity).await?;
            imported.converge(&config_map(&namespace, "two", "debug")).await?;
            imported.destroy().await?;
            ensure!(resource.refresh().await?.is_none(), "it is gone from the cluster, and so from the state");
            Ok(())
        })?;
    }

    fn a_set_keeps_them(scenario) {
        let namespace = scenario.namespace.clone();
        with_provider(scenario, |client| async move {
            let document = |name: &str| format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n");
            let config = |names: &[&str]| json!({"yaml": names.iter().map(|name| document(name)).collect::<String>()});
            let mut resource = Lifecycle::new(&client, "mlops_manifests");
            resource.converge(&config(&["one", "two"])).await?;
            resource.converge(&config(&["two", "three"])).await?;
            let state = resource.json();
            let objects = state["objects"].as_object().context("no objects")?;
            ensure!(objects.len() == 2 && objects.contains_key(&format!("ConfigMap/{namespace}/three")), "{state}");
            resource.destroy().await?;
            Ok(())
        })?;
    }
}
