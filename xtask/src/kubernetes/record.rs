//! What is known of a cluster on disk, so that any program can take over from the one that started it.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::component::Component;
use super::layout::{Layout, write_private};
use super::node::Node;

/// The content of `cluster.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) server: String,
    pub(super) version: String,
    pub(super) audit_log: Option<PathBuf>,
    /// What it has on the machine beside processes and its folder, if it has a node.
    #[serde(default)]
    pub(super) node: Option<Node>,
    /// In the order in which they are started.
    pub(super) components: Vec<Component>,
}

impl Record {
    /// The record in a cluster's folder, if there is one.
    pub(super) fn read(layout: &Layout) -> Result<Option<Self>> {
        let path = layout.record();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("failed to read {}", path.display())),
        };
        let record = serde_json::from_str(&text)
            .with_context(|| format!("{} is no cluster's record", path.display()))?;
        Ok(Some(record))
    }

    pub(super) fn write(&self, layout: &Layout) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("failed to encode a cluster's record")?;
        write_private(&layout.record(), &text)
    }
}
