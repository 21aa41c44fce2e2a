//! Whether two providers answer the same: if not, it means nothing that one is faster.

use std::path::Path;

use serde_json::{Value as Json, json};
use tfplugin_sdk::testing::{Client, Lifecycle, ProviderProcess, Result, UNKNOWN};

use crate::{large, schema};

const NOTHING: [(&str, &str); 0] = [];

/// Everything that they do not say alike, a line each.
pub(crate) async fn differences(ours: &Path, peer: &Path) -> Result<Json> {
    let ours = ProviderProcess::spawn(ours, NOTHING).await?;
    let peer = ProviderProcess::spawn(peer, NOTHING).await?;
    let mut lines = Vec::new();
    let (left, right) = (
        schema::announced(ours.client()).await?,
        schema::announced(peer.client()).await?,
    );
    for path in left
        .keys()
        .chain(right.keys().filter(|path| !left.contains_key(*path)))
    {
        compare(&mut lines, path, left.get(path), right.get(path));
    }
    for name in ["catalog_item_000", "catalog_item_199", "catalog_inventory"] {
        let (left, right) = (
            lived(ours.client(), name).await?,
            lived(peer.client(), name).await?,
        );
        for (step, (left, right)) in (1..).zip(left.iter().zip(&right)) {
            compare(
                &mut lines,
                &format!("{name}, step {step}"),
                Some(left),
                Some(right),
            );
        }
    }
    ours.shutdown().await?;
    peer.shutdown().await?;
    Ok(lines.into())
}

fn compare(lines: &mut Vec<String>, what: &str, ours: Option<&String>, peer: Option<&String>) {
    if ours != peer {
        let shown = |text: Option<&String>| text.map_or_else(|| "nothing".to_owned(), |text| short(text));
        lines.push(format!(
            "{what}: ours says {}, the peer {}",
            shown(ours),
            shown(peer)
        ));
    }
}

fn short(text: &str) -> String {
    text.chars().take(2_000).collect()
}

/// What is planned and what becomes of it, step by step. The client asserts core's rules on the way.
async fn lived(client: &Client, name: &str) -> Result<Vec<String>> {
    client.configure(&json!({"domain": "example.com"})).await?;
    let mut steps = Vec::new();
    let mut resource = Lifecycle::new(client, name);
    for configuration in configurations(name) {
        let plan = resource.plan(&configuration).await?;
        steps.push(format!("{:?} {:?} {}", plan.action, plan.replaced, plan.json()));
        if !configuration.to_string().contains(UNKNOWN) {
            resource.apply_with(&plan, &configuration).await?;
            steps.push(resource.json().to_string());
            resource.expect_no_change(&configuration).await?;
        }
    }
    let invalid = json!({"name": "", "region": "EU", "tier": "none"});
    if name != "catalog_inventory" {
        let error = client.validate_resource(name, &invalid).await.err();
        let errors = error.map_or(0, |error| error.diagnostics().iter().count());
        steps.push(format!("{errors} errors"));
    }
    resource.destroy().await?;
    Ok(steps)
}

fn configurations(name: &str) -> Vec<Json> {
    if name == "catalog_inventory" {
        return vec![
            large::inventory(50, 0),
            large::inventory(50, 1),
            large::inventory(40, 1),
        ];
    }
    let small = json!({"name": "chair", "region": "eu-1"});
    let full = json!({
        "name": "chair", "region": "eu-1", "title": "A chair", "owner": "Ada", "size": 12, "retries": 5,
        "enabled": false, "tier": "premium", "schedule": "daily", "labels": {"a": "1", "b": "2"},
        "zones": ["b", "a"], "ports": [80, 443], "password": "secret", "token": "write-only",
        "network": {"range": "10.0.0.0/8", "port": 8080, "internal": true, "peers": ["table"]},
        "disks": [{"name": "root", "size": 20, "encrypted": true}, {"name": "data", "size": 100, "kind": "slow"}],
        "users": {"ada": {"email": "ada@example.com", "groups": ["all"], "admin": true}, "bob": {"email": "b@example.com"}},
    });
    let mut unknown = full.clone();
    unknown["title"] = UNKNOWN.into();
    unknown["disks"][0]["size"] = UNKNOWN.into();
    let mut changed = full.clone();
    changed["size"] = 13.into();
    changed["disks"][1]["kind"] = "fast".into();
    let mut replaced = full.clone();
    replaced["region"] = "us-1".into();
    vec![small, full, unknown, changed, replaced]
}
