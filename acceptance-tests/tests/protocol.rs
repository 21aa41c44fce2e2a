//! The provider's binary over the plugin protocol, without a cluster: driven by the SDK's test client, which asserts
//! core's rules after each answer, and by Terraform and OpenTofu themselves.
//!
//! Run by `cargo xtask test protocol`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Client, Lifecycle, ProviderProcess, UNKNOWN};
use xtask::cli::{Mirror, Workspace};
use xtask::test_bed::TestBed;

/// A server that refuses connections: nothing listens on this port of loopback.
const NOBODY: &str = "https://127.0.0.1:1";

fn config_map() -> Value {
    json!({"manifest": {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "default"},
        "data": {"level": "info"},
    }})
}

/// Runs `test` with a configured provider, and checks that the process ends by itself.
async fn with_provider<F>(config: Value, test: impl FnOnce(Client) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let bed = TestBed::from_environment()?;
    let provider = ProviderProcess::spawn(&bed.provider, [("TF_LOG", "debug")]).await?;
    let client = provider.client().clone();
    client.configure(&config).await?;
    test(client).await?;
    ensure!(
        !provider.shutdown().await?.killed,
        "the provider had to be killed"
    );
    Ok(())
}

#[tokio::test]
async fn everything_offered_is_documented() -> Result<()> {
    with_provider(json!({"host": NOBODY}), |client| async move {
        let answer = client
            .raw()
            .get_provider_schema(tfplugin_sdk::testing::proto::GetProviderSchemaRequest {})
            .await?;
        let schemas = answer.into_inner();
        ensure!(schemas.diagnostics.is_empty(), "{:?}", schemas.diagnostics);
        let resources: Vec<_> = schemas.resource_schemas.keys().cloned().collect();
        ensure!(
            resources == ["mlops_manifest", "mlops_manifests"],
            "{resources:?}"
        );
        let data_sources: Vec<_> = schemas.data_source_schemas.keys().cloned().collect();
        ensure!(data_sources == ["mlops_object"], "{data_sources:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_plan_without_a_server_keeps_the_rules() -> Result<()> {
    with_provider(json!({"host": NOBODY}), |client| async move {
        let mut resource = Lifecycle::new(&client, "mlops_manifest");
        let plan = resource.plan(&config_map()).await?;
        ensure!(plan.action == Action::Create, "{plan:?}");
        ensure!(
            plan.json()["object"] == UNKNOWN && plan.json()["field_manager"] == "mlops",
            "{}",
            plan.json()
        );
        ensure!(
            !resource.warnings().is_empty(),
            "the user is told that the server was not asked"
        );

        let mut partly_known = config_map();
        partly_known["manifest"]["metadata"]["name"] = UNKNOWN.into();
        let plan = resource.plan(&partly_known).await?;
        ensure!(
            plan.json()["manifest"]["data"]["level"] == "info",
            "{}",
            plan.json()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_cluster_keeps_the_state() -> Result<()> {
    with_provider(json!({"host": UNKNOWN}), |client| async move {
        let object =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"}});
        let ty: Value = json!(["object", {
            "apiVersion": "string",
            "kind": "string",
            "metadata": ["object", {"name": "string", "namespace": "string"}],
        }]);
        let dynamic = json!({"type": ty, "value": object});
        let state = json!({"manifest": dynamic, "field_manager": "mlops", "propagation_policy": "Background",
            "object": dynamic});
        let mut resource = Lifecycle::stored(&client, "mlops_manifest", 0, &state, b"");
        let read = resource
            .refresh()
            .await?
            .context("the resource left the state")?
            .json();
        ensure!(read["object"] == object, "{read}");
        ensure!(
            !resource.warnings().is_empty(),
            "the user is told that nothing was read"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_set_of_many_kinds_keeps_the_rules() -> Result<()> {
    with_provider(json!({"host": NOBODY}), |client| async move {
        let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: Deployment\n\
                    metadata: {name: b, namespace: c}\n";
        let mut resource = Lifecycle::new(&client, "mlops_manifests");
        let plan = resource.plan(&json!({"yaml": yaml})).await?;
        let objects = plan.json()["objects"].clone();
        ensure!(objects["ConfigMap/a"] == UNKNOWN && objects["Deployment.apps/c/b"] == UNKNOWN, "{objects}");
        let plan = resource.plan(&json!({"yaml": UNKNOWN})).await?;
        ensure!(plan.json()["objects"] == UNKNOWN, "{}", plan.json());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn refusals_name_the_attribute() -> Result<()> {
    with_provider(json!({"host": NOBODY}), |client| async move {
        let cases = [
            (json!({}), "manifest"),
            (json!({"yaml": "a: [", "wait": {}}), "yaml"),
            (
                json!({"yaml": "apiVersion: v1", "wait": {"fields": {"a[": "x"}}}),
                "wait.fields[\"a[\"]",
            ),
            (json!({"manifest": {"kind": 3}}), "manifest"),
            (
                json!({"yaml": "a: b", "propagation_policy": "Fast"}),
                "propagation_policy",
            ),
            (
                json!({"yaml": "a: b", "timeouts": {"create": "1 day"}}),
                "timeouts.create",
            ),
        ];
        for (config, path) in cases {
            let refused = client.validate_resource("mlops_manifest", &config).await;
            let error = refused
                .err()
                .with_context(|| format!("{config} should be refused"))?;
            let paths: Vec<_> = error
                .diagnostics()
                .iter()
                .filter_map(|diagnostic| Some(diagnostic.path.as_ref()?.to_string()))
                .collect();
            ensure!(
                paths.iter().any(|found| found == path),
                "{config}: {paths:?} should name {path}"
            );
        }
        Ok(())
    })
    .await
}

#[test]
fn started_by_hand_it_explains_itself() -> Result<()> {
    let bed = TestBed::from_environment()?;
    let output = Command::new(&bed.provider)
        .env_remove("TF_PLUGIN_MAGIC_COOKIE")
        .output()?;
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        output.status.code() == Some(1) && output.stdout.is_empty(),
        "{output:?}"
    );
    ensure!(
        message.contains("terraform init") && message.contains("--debug"),
        "{message}"
    );
    Ok(())
}

#[test]
fn both_programs_read_the_schema() -> Result<()> {
    let bed = TestBed::from_environment()?;
    ensure!(!bed.clis().is_empty(), "there is neither Terraform nor OpenTofu");
    for cli in bed.clis() {
        let folder = TempDir::with_prefix("mlops-protocol-")?;
        let mirror = Mirror::prepare(&folder.path().join("mirror"), &bed.provider, "0.1.0")?;
        let workspace = Workspace::new(&folder.path().join("workspace"), &cli, &mirror)?;
        workspace.write(
            "main.tf",
            "terraform {\n  required_providers {\n    mlops = { source = \"mlops/mlops\" }\n  }\n}\n\n\
             resource \"mlops_manifest\" \"it\" {\n  yaml = \"apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: it}\"\n}\n",
        )?;
        workspace.init()?.ok()?;
        workspace.run(["validate", "-no-color"])?.ok()?;
        let schema = workspace.run(["providers", "schema", "-json"])?.ok()?.json()?;
        let providers = schema["provider_schemas"].as_object().context("no schema")?;
        let provider = providers.values().next().context("no provider")?;
        let block = &provider["resource_schemas"]["mlops_manifest"]["block"];
        ensure!(block["attributes"]["data_wo"]["write_only"] == true, "{block}");
        ensure!(block["attributes"]["object"]["type"] == "dynamic", "{block}");
        ensure!(
            block["block_types"]["timeouts"]["nesting_mode"] == "single",
            "{block}"
        );
    }
    Ok(())
}
