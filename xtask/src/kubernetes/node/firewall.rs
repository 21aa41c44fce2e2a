//! Firewall rules: what the node needs so that its addresses work and stay the machine's own, and the removal of these
//! and of all that kubelet, kube-proxy and the network plugins have added.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::{Node, RANGE, make_folder};
use crate::kubernetes::tool::run;

const CHAIN: &str = "MLOPS-NODE";
/// The chains through which packets come to the machine's programs, and to pods.
const ENTRIES: [&str; 2] = ["INPUT", "FORWARD"];

/// Lets the cluster's addresses talk with each other, also where Docker or a distribution drops what it does not know,
/// and keeps everybody else out: a neighbour on the machine's network could name it as a router to them.
pub(super) fn create(folder: &Path) -> Result<()> {
    let rules = format!(
        "*filter
:{CHAIN} - [0:0]
-A {CHAIN} -i lo -j RETURN
-A {CHAIN} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A {CHAIN} -s {RANGE} -d {RANGE} -j ACCEPT
-A {CHAIN} -s {RANGE} -j REJECT
-A {CHAIN} -d {RANGE} -j REJECT
COMMIT
"
    );
    restore("iptables", folder, &rules)?;
    for entry in ENTRIES {
        if run("iptables", &["-w", "-C", entry, "-j", CHAIN]).is_err() {
            run("iptables", &["-w", "-I", entry, "-j", CHAIN])?;
        }
    }
    Ok(())
}

/// Fails if another Kubernetes has its rules here: the two would take them away from each other.
pub(super) fn require_free() -> Result<()> {
    let saved = run("iptables-save", &["-t", "nat"])?;
    if saved.lines().any(|line| line.starts_with(":KUBE-SERVICES ")) {
        bail!(
            "another Kubernetes has its rules in this machine's firewall (chain KUBE-SERVICES of iptables), and a \
             second one would remove them: add --control-plane-only for a cluster without a node, or, if the other \
             one is gone, run its `kube-proxy --cleanup` first"
        );
    }
    Ok(())
}

/// Removes every chain of the node, and every rule that leads there.
pub(super) fn remove(node: &Node) -> Result<()> {
    let saved = run("iptables-save", &[])?;
    // The first that is made, and the last that goes: without it all others are another Kubernetes'.
    if !saved.contains(&format!(":{CHAIN} ")) {
        return Ok(());
    }
    make_folder(&node.run)?;
    // A kernel without IPv6 has no rules of it.
    let saved_6 = run("ip6tables-save", &[]).unwrap_or_default();
    for (family, saved) in [("ip6tables", saved_6), ("iptables", saved)] {
        if let Some(commands) = removal(&saved, &node.id) {
            restore(family, &node.run, &commands)?;
        }
    }
    Ok(())
}

/// All commands of a family at once.
fn restore(family: &str, folder: &Path, commands: &str) -> Result<()> {
    let path = folder.join(format!("{family}.rules"));
    fs::write(&path, commands).with_context(|| format!("failed to write {}", path.display()))?;
    let arguments = ["--wait", "--noflush", &path.to_string_lossy()];
    run(&format!("{family}-restore"), &arguments).map(drop)
}

/// What `iptables-restore` has to do so that `saved` holds nothing of ours any more; `None` if it holds nothing.
/// `network` is the name that the network plugins know.
fn removal(saved: &str, network: &str) -> Option<String> {
    let mut commands = String::new();
    for (_, table) in saved.split("\nCOMMIT").filter_map(|table| table.split_once('*')) {
        let lines: Vec<&str> = table.lines().collect();
        let doomed = doomed(&lines, network);
        if !doomed.is_empty() {
            // Writing to a string cannot fail.
            let _ = write_removal(&mut commands, &lines, &doomed);
        }
    }
    (!commands.is_empty()).then_some(commands)
}

/// `lines` are those of one table, whose name is the first.
fn write_removal(commands: &mut String, lines: &[&str], doomed: &BTreeSet<&str>) -> std::fmt::Result {
    writeln!(commands, "*{}", lines.first().copied().unwrap_or_default())?;
    for rule in rules(lines).filter(|rule| !doomed.contains(rule.chain)) {
        if rule.target().is_some_and(|target| doomed.contains(target)) {
            writeln!(commands, "-D {} {}", rule.chain, rule.rest)?;
        }
    }
    // Chains that lead to each other can only be removed when all are empty.
    for option in ["-F", "-X"] {
        for chain in doomed {
            writeln!(commands, "{option} {chain}")?;
        }
    }
    writeln!(commands, "COMMIT")
}

/// The chains of a table that are ours. Those of the network plugins may have other users: the ones of a pod carry our
/// network's name, and the common ones are nobody's as soon as they lead to no pod.
fn doomed<'s>(lines: &[&'s str], network: &str) -> BTreeSet<&'s str> {
    let chains = lines
        .iter()
        .filter_map(|line| line.strip_prefix(':')?.split(' ').next());
    let (common, mut doomed): (BTreeSet<&str>, BTreeSet<&str>) = chains
        .filter(|chain| *chain == CHAIN || chain.starts_with("KUBE-") || chain.starts_with("CNI-HOSTPORT-"))
        .partition(|chain| chain.starts_with("CNI-"));
    let quoted = format!("\\\"{network}\\\"");
    let (ours, others): (Vec<Rule<'_>>, Vec<Rule<'_>>) = rules(lines)
        .filter(|rule| rule.chain == "CNI-HOSTPORT-DNAT")
        .partition(|rule| rule.rest.contains(&quoted));
    if others.is_empty() {
        doomed.extend(common);
    }
    doomed.extend(ours.iter().filter_map(Rule::target));
    doomed
}

struct Rule<'s> {
    chain: &'s str,
    rest: &'s str,
}

impl<'s> Rule<'s> {
    /// The chain that it leads to.
    fn target(&self) -> Option<&'s str> {
        let mut words = self
            .rest
            .split(' ')
            .skip_while(|word| !matches!(*word, "-j" | "-g"));
        words.nth(1)
    }
}

fn rules<'s>(lines: &[&'s str]) -> impl Iterator<Item = Rule<'s>> {
    lines.iter().filter_map(|line| {
        let (chain, rest) = line.strip_prefix("-A ")?.split_once(' ')?;
        Some(Rule { chain, rest })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = r#"# Generated
*nat
:PREROUTING ACCEPT [0:0]
:CNI-DN-ours - [0:0]
:CNI-DN-other - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:KUBE-SERVICES - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"mlops-a-1\" id: \"x\"" -j CNI-DN-ours
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"podman\" id: \"y\"" -j CNI-DN-other
-A CNI-DN-ours -p tcp -j DNAT --to-destination 198.18.64.2:80
-A KUBE-SERVICES -j RETURN
COMMIT
# Completed
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -j ACCEPT
COMMIT
"#;

    #[test]
    fn ours_is_removed_and_what_others_use_stays() {
        let expected = r#"*nat
-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-D CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"mlops-a-1\" id: \"x\"" -j CNI-DN-ours
-F CNI-DN-ours
-F KUBE-SERVICES
-X CNI-DN-ours
-X KUBE-SERVICES
COMMIT
"#;
        assert_eq!(removal(SAVED, "mlops-a-1").as_deref(), Some(expected));
    }

    #[test]
    fn common_chains_go_with_their_last_user() {
        let lines = SAVED.lines().filter(|line| !line.contains("podman"));
        let saved: Vec<&str> = lines.collect();
        let commands = removal(&saved.join("\n"), "mlops-a-1").unwrap_or_default();
        for expected in [
            "-D PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT\n",
            "-X CNI-HOSTPORT-DNAT\n",
        ] {
            assert!(commands.contains(expected), "{commands}");
        }
    }

    #[test]
    fn a_firewall_without_ours_is_left_alone() {
        let saved = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n";
        assert_eq!(removal(saved, "mlops-a-1"), None);
    }
}
