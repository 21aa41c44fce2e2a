//! The same objects, written for each provider.

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::bench::contender::Contender;

/// How a provider wants an object to be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Dialect {
    resource: &'static str,
    attribute: &'static str,
    /// As YAML; otherwise as a value of the language.
    yaml: bool,
    /// What makes it wait for a rollout, where it does not by itself.
    wait: &'static str,
}

const KUBECTL: Dialect = Dialect {
    resource: "kubectl_manifest",
    attribute: "yaml_body",
    yaml: true,
    wait: "",
};
const KUBERNETES: Dialect = Dialect {
    resource: "kubernetes_manifest",
    attribute: "manifest",
    yaml: false,
    wait: "wait {\n    rollout = true\n  }",
};

const CONFIG_MAP: &str = r#"{
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "bench-${count.index}", namespace = var.namespace }
    data       = { index = tostring(count.index), text = "A line such as settings have, long enough to be one." }
  }"#;

const DEPLOYMENT: &str = r#"{
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "bench", namespace = var.namespace }
    spec = {
      replicas = 1
      selector = { matchLabels = { app = "bench" } }
      template = {
        metadata = { labels = { app = "bench" } }
        spec = {
          containers = [{ name = "bench", image = "localhost/bench:1", readinessProbe = { tcpSocket = { port = 80 } } }]
        }
      }
    }
  }"#;

/// Terraform's own resource: it stores its input, and asks nobody.
pub(super) const TERRAFORM_DATA: &str = r#"variable "objects" {
  type = number
}

resource "terraform_data" "many" {
  count = var.objects
  input = "A line such as settings have, long enough to be one: ${count.index}"
}
"#;

/// Where Terraform keeps its state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum State {
    /// In a Secret of the cluster, as teams keep it away from the machine: written every 20 seconds
    Cluster,
    /// In a file beside the configuration: written anew after each object
    File,
}

impl State {
    /// What a metric says of it, where it is not the usual one.
    pub(super) fn remark(self) -> &'static str {
        match self {
            Self::Cluster => "",
            Self::File => ", state in a file",
        }
    }

    /// The configuration of the state called `name`.
    pub(super) fn backend(self, name: &str, kubeconfig: &Path) -> String {
        let kubeconfig = serde_json::Value::from(kubeconfig.to_string_lossy());
        match self {
            Self::File => String::new(),
            Self::Cluster => format!(
                r#"terraform {{
  backend "kubernetes" {{
    secret_suffix = "{name}"
    config_path   = {kubeconfig}
  }}
}}
"#
            ),
        }
    }
}

impl Dialect {
    /// The dialect of `peer`, by the name of its resources.
    pub(super) fn of_peer(peer: &Contender) -> Result<Self> {
        match peer.name() {
            "kubectl" => Ok(KUBECTL),
            "kubernetes" => Ok(KUBERNETES),
            name => bail!(
                "how {} wants its objects is not known: the resources {} and {} are, but none of the provider {name:?}",
                peer.source,
                KUBECTL.resource,
                KUBERNETES.resource
            ),
        }
    }

    /// Our own dialect: an object is spelled as the peer spells it.
    pub(super) fn of_ours(peer: Self) -> Self {
        Self {
            resource: "mlops_manifest",
            attribute: if peer.yaml { "yaml" } else { "manifest" },
            yaml: peer.yaml,
            wait: "",
        }
    }

    /// As many ConfigMaps as the variable `objects` says.
    pub(super) fn config_maps(&self) -> String {
        let variable = "variable \"objects\" {\n  type = number\n}\n\n";
        variable.to_owned() + &self.resource("many", "count = var.objects", CONFIG_MAP)
    }

    /// A Deployment of one pod, applied when it is rolled out.
    pub(super) fn deployment(&self) -> String {
        self.resource("one", self.wait, DEPLOYMENT)
    }

    fn resource(&self, name: &str, arguments: &str, object: &str) -> String {
        let Self {
            resource, attribute, ..
        } = self;
        let value = if self.yaml {
            format!("yamlencode({object})")
        } else {
            object.to_owned()
        };
        format!("resource \"{resource}\" \"{name}\" {{\n  {arguments}\n  {attribute} = {value}\n}}\n")
    }
}

/// The provider and its configuration: an administrator's kubeconfig.
pub(super) fn provider(contender: &Contender) -> String {
    let (name, source, version) = (contender.name(), &contender.source, &contender.version);
    format!(
        r#"terraform {{
  required_providers {{
    {name} = {{
      source  = "{source}"
      version = "{version}"
    }}
  }}
}}

variable "kubeconfig" {{
  type = string
}}

variable "namespace" {{
  type = string
}}

provider "{name}" {{
  config_path = var.kubeconfig
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(source: &str) -> Contender {
        Contender {
            source: source.to_owned(),
            version: "1.2.3".to_owned(),
            binary: "/provider".into(),
        }
    }

    #[test]
    fn ours_spells_as_the_peer_does() -> Result<()> {
        let kubectl = Dialect::of_peer(&contender("alekc/kubectl"))?;
        assert!(kubectl.config_maps().contains("yaml_body = yamlencode({"));
        assert!(
            Dialect::of_ours(kubectl)
                .config_maps()
                .contains("\n  yaml = yamlencode({")
        );
        let kubernetes = Dialect::of_peer(&contender("hashicorp/kubernetes"))?;
        assert!(kubernetes.deployment().contains("rollout = true"));
        let ours = Dialect::of_ours(kubernetes).deployment();
        assert!(
            ours.contains("\n  manifest = {") && !ours.contains("yamlencode"),
            "{ours}"
        );
        Ok(())
    }

    #[test]
    fn a_provider_without_a_known_resource_is_refused() {
        let error = Dialect::of_peer(&contender("acme/rockets")).map_err(|error| error.to_string());
        assert!(
            error.is_err_and(|error| error.contains("acme/rockets") && error.contains("kubectl_manifest"))
        );
    }

    #[test]
    fn a_state_in_a_file_needs_no_configuration() {
        assert_eq!(State::File.backend("a", Path::new("/kubeconfig")), "");
        let cluster = State::Cluster.backend("a", Path::new("/b \"c\""));
        assert!(cluster.contains(r#"secret_suffix = "a""#), "{cluster}");
        assert!(cluster.contains(r#"config_path   = "/b \"c\"""#), "{cluster}");
    }
}
