//! The registry that images are pushed to, and that the node pulls them from as `localhost:5000`.
//!
//! Plain HTTP, because only this machine reaches the address. What was pushed lies in the user's cache and outlives the
//! cluster: an image that took minutes to build is not built again for the next one.

use anyhow::Result;
use serde_json::{Value, json};

use super::Site;
use crate::images;
use crate::kubernetes::component::{Component, Readiness};
use crate::programs::Installed;

pub(in super::super) use crate::images::PORT;

const NAME: &str = "registry";
pub(super) const FILE: &str = "registry.yaml";

pub(super) fn component(site: Site<'_>, program: &Installed) -> Component {
    let ready = Readiness::Accepts((site.address, PORT).into());
    Component::new(NAME, program.binary(NAME), site.layout.log(NAME), ready)
        .arguments(&["serve".to_owned()])
        .arguments(&[site.configuration(FILE).to_string_lossy().into_owned()])
        // Else it sends traces to a collector that is not there, and complains in its log.
        .environment("OTEL_TRACES_EXPORTER", "none")
}

pub(super) fn configuration(site: Site<'_>) -> Result<Value> {
    Ok(json!({
        "version": "0.1",
        "log": { "level": "info" },
        "storage": {
            "filesystem": { "rootdirectory": images::storage()? },
            "delete": { "enabled": true },
        },
        "http": { "addr": format!("{}:{PORT}", site.address) },
    }))
}
