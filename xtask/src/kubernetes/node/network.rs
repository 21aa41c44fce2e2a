//! The device that carries the machine's address in the cluster.
//!
//! kubelet refuses the loopback address for a node. A bridge without ports is a device that every kernel can make; the
//! type `dummy` is not. Its alias says whose it is.

use anyhow::{Context as _, Error, Result, anyhow, bail};
use serde_json::Value;

use super::{ADDRESS, Node, SERVICES, firewall};
use crate::kubernetes::tool::run;

/// The same in every cluster: who wants to have a second one finds it.
const DEVICE: &str = "mlops0";

/// Makes the device with its address, and a route that keeps the machine's calls to Services away from its other
/// networks.
pub(super) fn create(node: &Node) -> Result<()> {
    if owner()?.is_none() {
        // It gets its name when it says whose it is: of two clusters that start at the same time, one fails here.
        let early = early_name(node);
        remove_device(&links()?, &early)?;
        run("ip", &["link", "add", "name", &early, "type", "bridge"])?;
        run("ip", &["link", "set", "dev", &early, "alias", &alias(node)])?;
        run("ip", &["link", "set", "dev", &early, "name", DEVICE])?;
    }
    match owner()? {
        Some(owner) if owner == alias(node) => {}
        Some(owner) => return Err(taken(&owner)),
        None => bail!("the network device {DEVICE} vanished as soon as it was made"),
    }
    let address = format!("{ADDRESS}/24");
    run("ip", &["address", "replace", &address, "dev", DEVICE])?;
    run("ip", &["link", "set", "dev", DEVICE, "up"])?;
    let source = ADDRESS.to_string();
    run(
        "ip",
        &["route", "replace", SERVICES, "dev", DEVICE, "src", &source],
    )
    .map(drop)
}

/// Removes the devices, and the firewall's rules: they are another cluster's if the device is.
pub(super) fn remove(node: &Node) -> Result<()> {
    let links = links()?;
    remove_device(&links, &early_name(node))?;
    if owner_in(&links).is_some_and(|owner| owner != alias(node)) {
        return Ok(());
    }
    firewall::remove(node)?;
    remove_device(&links, DEVICE)
}

/// Fails if there is a cluster with a node already.
pub(super) fn require_free() -> Result<()> {
    match owner()? {
        Some(owner) => Err(taken(&owner)),
        None => Ok(()),
    }
}

fn taken(owner: &str) -> Error {
    let owner = if owner.is_empty() {
        "of an unknown owner"
    } else {
        owner
    };
    anyhow!(
        "there can be one cluster with a node, and the network device {DEVICE} is that of {owner}: \
         take it down first, or add --control-plane-only for a cluster without a node"
    )
}

fn alias(node: &Node) -> String {
    format!("cluster {} in {}", node.name, node.cluster.display())
}

/// Of at most 15 characters, as the kernel wants it.
fn early_name(node: &Node) -> String {
    let unique = node.id.rsplit('-').next().unwrap_or_default();
    format!("mlops-{unique}")
}

/// The alias of the device, if there is one.
fn owner() -> Result<Option<String>> {
    Ok(owner_in(&links()?))
}

fn owner_in(links: &Value) -> Option<String> {
    find(links, DEVICE).map(|link| link["ifalias"].as_str().unwrap_or_default().to_owned())
}

fn remove_device(links: &Value, name: &str) -> Result<()> {
    match find(links, name) {
        Some(_) => run("ip", &["link", "delete", "dev", name]).map(drop),
        None => Ok(()),
    }
}

fn links() -> Result<Value> {
    let text = run("ip", &["-json", "link", "show"])?;
    serde_json::from_str(&text).context("`ip -json link show` printed no JSON")
}

fn find<'v>(links: &'v Value, name: &str) -> Option<&'v Value> {
    links.as_array()?.iter().find(|link| link["ifname"] == name)
}
