//! Random configurations of every resource, each led through its whole life on the real cluster by the SDK's testing kit,
//! and states of former versions, given to the provider of today.

mod objects;

use acceptance_tests::Cluster;
use anyhow::{Context as _, Result, ensure};
use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use tfplugin_sdk::testing::{Client, Fixtures, Properties, ProviderProcess};
use xtask::test_bed::TestBed;

/// How many random cases each test leads through. A case takes half a second.
const CASES: u32 = 16;

/// Everything that is tested here.
const RESOURCES: [&str; 2] = ["mlops_manifest", "mlops_manifests"];

/// Runs `test` with the provider and a namespace of its own.
fn in_namespace<F>(name: &str, test: impl FnOnce(Client, String) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let bed = TestBed::from_environment()?;
    let cluster = Cluster::of(&bed)?;
    let namespace = format!("random-{name}");
    let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
    cluster.create("/api/v1/namespaces", &object)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tested = runtime.block_on(async {
        let provider = ProviderProcess::spawn(&bed.provider, [("TF_LOG", "error")]).await?;
        let kubeconfig = cluster.control_plane().kubeconfig_path();
        let config = json!({"config_path": kubeconfig.display().to_string()});
        provider.client().configure(&config).await?;
        test(provider.client().clone(), namespace.clone()).await?;
        provider.shutdown().await?;
        Ok(())
    });
    cluster.delete(&format!("/api/v1/namespaces/{namespace}"))?;
    tested
}

/// What all resources have in common. Their field manager is fixed by each test: where it changes together with a map that
/// becomes empty, the former manager's fields go after the plan has said what is left, and the server drops the map.
fn resource(client: &Client, type_name: &str) -> Properties {
    let duration = || option::of("[1-9]m([1-9]s)?");
    Properties::of(client, type_name)
        .cases(CASES)
        .attribute(
            "field_manager",
            option::of(select(&["mlops", "team-a", "team b"][..])),
        )
        .attribute(
            "propagation_policy",
            option::of(select(&["Background", "Foreground", "Orphan"][..])),
        )
        .attribute(
            "wait",
            option::of(any::<bool>().prop_map(|rollout| json!({"rollout": rollout}))),
        )
        .attribute("timeouts.create", duration())
        .attribute("timeouts.update", duration())
        .attribute("timeouts.delete", duration())
}

/// The same of one object, of which an import finds nothing but the object itself.
fn manifest(client: &Client) -> Properties {
    let only_configured = [
        "manifest",
        "yaml",
        "data_wo_version",
        "field_manager",
        "propagation_policy",
        "wait",
        "timeouts",
    ];
    let manifest = only_configured
        .into_iter()
        .fold(resource(client, "mlops_manifest"), Properties::not_imported);
    manifest.import_id(|state| {
        let text = |place: &str| state["object"].pointer(place).and_then(Json::as_str);
        let (api_version, kind) = (text("/apiVersion")?, text("/kind")?);
        let (namespace, name) = (text("/metadata/namespace")?, text("/metadata/name")?);
        Some(format!(
            "apiVersion={api_version},kind={kind},namespace={namespace},name={name}"
        ))
    })
}

#[test]
fn any_object_as_a_value() -> Result<()> {
    in_namespace("value", |client, namespace| async move {
        // An import reads what the default manager owns.
        let fixed = json!({"yaml": null, "data_wo": null, "data_wo_version": null, "field_manager": null});
        let manifest = manifest(&client).attribute("manifest", objects::object(&namespace));
        Ok(manifest.fixed(&fixed).check().await?)
    })
}

#[test]
fn any_object_as_yaml() -> Result<()> {
    in_namespace("yaml", |client, namespace| async move {
        let fixed =
            json!({"manifest": null, "data_wo": null, "data_wo_version": null, "field_manager": "team a"});
        let document = objects::object(&namespace).prop_map(|object| format!("# One.\n---\n{object}\n"));
        let manifest = manifest(&client).attribute("yaml", document);
        Ok(manifest.fixed(&fixed).without_import().check().await?)
    })
}

#[test]
fn any_contents_of_a_secret() -> Result<()> {
    in_namespace("secret", |client, namespace| async move {
        let contents =
            option::of(btree_map("[a-z]{1,3}", "[a-z]{0,3}|é", 0..=2)).prop_map(|contents| json!(contents));
        let manifest = manifest(&client)
            .attribute("manifest", objects::empty_secret(&namespace))
            .attribute("data_wo", contents)
            .attribute("data_wo_version", option::of(0..3));
        Ok(manifest
            .fixed(&json!({"yaml": null, "field_manager": null}))
            .check()
            .await?)
    })
}

#[test]
fn any_set_of_objects() -> Result<()> {
    in_namespace("set", |client, namespace| async move {
        // One name stands once. A set of nothing, which nobody can delete, has a test of its own.
        let by_name = |object: Json| {
            (
                format!("{}/{}", object["kind"], object["metadata"]["name"]),
                object,
            )
        };
        let objects = proptest::collection::vec(objects::mutable(&namespace).prop_map(by_name), 1..=3);
        let yaml = objects.prop_map(|objects| {
            let objects = std::collections::BTreeMap::from_iter(objects);
            let documents = objects.into_values().map(|object| format!("---\n{object}\n"));
            documents.collect::<String>()
        });
        let manifests = resource(&client, "mlops_manifests").attribute("yaml", yaml);
        Ok(manifests
            .fixed(&json!({"paths": null, "field_manager": null}))
            .check()
            .await?)
    })
}

#[test]
fn every_resource_is_tested() -> Result<()> {
    in_namespace("all", |client, _| async move {
        let offered: Vec<_> = client.schemas().await?.resources.keys().cloned().collect();
        ensure!(
            offered == RESOURCES,
            "{offered:?} are offered, and {RESOURCES:?} are tested"
        );
        Ok(())
    })
}

#[test]
fn states_of_former_versions_are_taken() -> Result<()> {
    in_namespace("fixtures", |client, namespace| async move {
        let fixtures = Fixtures::in_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/states"));
        let settings = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"level": "info"},
            "metadata": {"name": "settings", "namespace": namespace}});
        let keys = json!({"apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": "keys", "namespace": namespace}});
        let yaml = format!("{settings}\n---\n{keys}\n");
        for (type_name, name, config) in [
            (
                "mlops_manifest",
                "value",
                json!({"manifest": settings, "wait": {"rollout": false}}),
            ),
            (
                "mlops_manifest",
                "yaml",
                json!({"yaml": settings.to_string(), "field_manager": "team-a"}),
            ),
            (
                "mlops_manifest",
                "secret",
                json!({"manifest": keys, "data_wo": {"key": "x"}, "data_wo_version": 1}),
            ),
            (
                "mlops_manifests",
                "set",
                json!({"yaml": yaml, "timeouts": {"create": "1m"}}),
            ),
        ] {
            let recorded = fixtures.record(&client, type_name, name, &config).await;
            recorded.with_context(|| format!("{type_name}, {name}"))?;
        }
        fixtures.replay(&client).await?;
        Ok(())
    })
}
