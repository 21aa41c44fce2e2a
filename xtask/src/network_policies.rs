//! What network policies allow, by what they say: the network of the local cluster enforces none.
//!
//! A connection is allowed if the policies of its source let it out and those of its destination let it in. Who is
//! selected by no policy for a direction is free in it. Policies that say what is not understood here are an error, so
//! that nothing passes for allowed or refused by mistake.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// One end of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pod {
    /// Policies select pods of their own namespace.
    pub namespace: String,
    /// By which policies know it.
    pub labels: BTreeMap<String, String>,
    /// Its ports, by their names.
    pub ports: BTreeMap<String, u16>,
}

/// What a policy can tell apart.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// What a rule means that names none.
    #[default]
    Tcp,
    /// Names are looked up by it.
    Udp,
}

/// The policies of a cluster, of any number of namespaces.
#[derive(Clone, Debug, Default)]
pub struct Policies(Vec<Policy>);

#[derive(Clone, Debug, Deserialize)]
struct Policy {
    metadata: Metadata,
    spec: Spec,
}

#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    namespace: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Spec {
    pod_selector: Selector,
    policy_types: Vec<Direction>,
    #[serde(default)]
    ingress: Vec<Rule>,
    #[serde(default)]
    egress: Vec<Rule>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum Direction {
    Ingress,
    Egress,
}

/// Without peers it means everybody, and without ports every port.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default, alias = "from", alias = "to")]
    peers: Vec<Peer>,
    #[serde(default)]
    ports: Vec<Port>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Peer {
    pod_selector: Selector,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Selector {
    #[serde(default)]
    match_labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Port {
    /// A number, or the name that the destination gives it.
    port: Value,
    #[serde(default)]
    protocol: Protocol,
}

impl Pod {
    /// The pod that `pod` describes, which is one, or the template of one.
    pub fn read(namespace: &str, pod: &Value) -> Result<Self> {
        let labels = match &pod["metadata"]["labels"] {
            Value::Null => BTreeMap::new(),
            labels => BTreeMap::deserialize(labels).context("labels that are no texts")?,
        };
        let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let containers = items(&pod["spec"]["containers"]);
        let ports = containers.iter().flat_map(|container| items(&container["ports"]));
        let named = ports.filter_map(|port| {
            let number = u16::try_from(port["containerPort"].as_u64()?).ok()?;
            Some((port["name"].as_str()?.to_owned(), number))
        });
        Ok(Self {
            namespace: namespace.to_owned(),
            labels,
            ports: named.collect(),
        })
    }
}

impl Policies {
    /// The policies among `objects`, which all have a namespace.
    pub fn read<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Result<Self> {
        let policies = objects
            .into_iter()
            .filter(|object| object["kind"] == "NetworkPolicy");
        let read = |policy| Policy::deserialize(policy).with_context(|| format!("not understood: {policy}"));
        Ok(Self(policies.map(read).collect::<Result<_>>()?))
    }

    /// Whether `from` may open a connection to `port` of `to`.
    #[must_use]
    pub fn allow(&self, from: &Pod, to: &Pod, protocol: Protocol, port: u16) -> bool {
        let names = |rule: &&Rule| rule.names_port(to, protocol, port);
        self.let_through(Direction::Egress, from, to, names)
            && self.let_through(Direction::Ingress, to, from, names)
    }

    fn let_through(
        &self,
        direction: Direction,
        own: &Pod,
        other: &Pod,
        names_port: impl Fn(&&Rule) -> bool,
    ) -> bool {
        let mut policies = self
            .0
            .iter()
            .filter(|policy| policy.spec.policy_types.contains(&direction))
            .filter(|policy| policy.selects(&policy.spec.pod_selector, own))
            .peekable();
        policies.peek().is_none()
            || policies.any(|policy| {
                let rules = policy.spec.rules(direction).iter();
                rules
                    .filter(&names_port)
                    .any(|rule| policy.names_peer(rule, other))
            })
    }
}

impl Policy {
    fn selects(&self, selector: &Selector, pod: &Pod) -> bool {
        let mut labels = selector.match_labels.iter();
        pod.namespace == self.metadata.namespace
            && labels.all(|(name, value)| pod.labels.get(name) == Some(value))
    }

    fn names_peer(&self, rule: &Rule, pod: &Pod) -> bool {
        let mut peers = rule.peers.iter();
        rule.peers.is_empty() || peers.any(|peer| self.selects(&peer.pod_selector, pod))
    }
}

impl Spec {
    fn rules(&self, direction: Direction) -> &[Rule] {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }
}

impl Rule {
    fn names_port(&self, to: &Pod, protocol: Protocol, port: u16) -> bool {
        let is_it = |rule: &Port| match &rule.port {
            Value::String(name) => to.ports.get(name) == Some(&port),
            number => *number == port,
        };
        self.ports.is_empty()
            || self
                .ports
                .iter()
                .any(|rule| rule.protocol == protocol && is_it(rule))
    }
}

#[cfg(test)]
mod tests;
