//! Values as users write them: kept in the state as they are, and stored by the server as they mean.

use acceptance_tests::scenarios;
use anyhow::ensure;
use serde_json::json;

scenarios! {
    fn every_kind_of_value(scenario) {
        scenario.configure(r#"
            variable "port" {
              type    = string
              default = "8080"
            }

            variable "labels" {
              type    = map(string)
              default = { "example.com/a.b" = "1", plain = "true" }
            }

            resource "terraform_data" "later" {
              input = "known later"
            }

            resource "mlops_manifest" "config" {
              manifest = {
                apiVersion = "v1"
                kind       = "ConfigMap"
                metadata = {
                  name        = "values"
                  namespace   = "NAMESPACE"
                  labels      = var.labels
                  annotations = { "example.com/note" = "line one\nline two", empty = null }
                }
                data = {
                  later   = terraform_data.later.output
                  unicode = "e\u0301 ü 漢字 🦀"
                  number  = tostring(0.1)
                  set     = join(",", toset(["b", "a"]))
                  nothing = ""
                }
                binaryData = {}
              }
            }

            resource "mlops_manifest" "service" {
              manifest = {
                apiVersion = "v1"
                kind       = "Service"
                metadata   = { name = "values", namespace = "NAMESPACE" }
                spec = {
                  selector = {}
                  ports = [
                    for protocol in toset(["TCP", "UDP"]) : {
                      name       = lower(protocol)
                      protocol   = protocol
                      port       = 53
                      targetPort = tonumber(var.port)
                    }
                  ]
                }
              }
            }
        "#)?;
        scenario.apply()?;
        let live = scenario.cluster.expect(&scenario.config_map("values"))?;
        ensure!(live["data"]["later"] == "known later" && live["data"]["number"] == "0.1", "{live}");
        ensure!(live["metadata"]["labels"]["plain"] == "true", "{live}");
        ensure!(live["metadata"]["annotations"].get("empty").is_none(), "{live}");
        let service = format!("/api/v1/namespaces/{}/services/values", scenario.namespace);
        let ports = scenario.cluster.expect(&service)?["spec"]["ports"].clone();
        ensure!(ports.as_array().is_some_and(|ports| ports.len() == 2), "two protocols on one port: {ports}");
        ensure!(ports[0]["targetPort"] == 8080, "{ports}");
    }

    fn numbers_and_free_form_of_a_custom_resource(scenario) {
        let group = format!("{}.example.com", scenario.namespace);
        scenario.configure(&r#"
            locals {
              version = {
                served = true
                schema = {
                  openAPIV3Schema = { type = "object", "x-kubernetes-preserve-unknown-fields" = true }
                }
              }
            }

            variable "api_version" {
              default = "v1beta1"
            }

            resource "mlops_manifest" "definition" {
              manifest = {
                apiVersion = "apiextensions.k8s.io/v1"
                kind       = "CustomResourceDefinition"
                metadata   = { name = "things.GROUP" }
                spec = {
                  group = "GROUP"
                  scope = "Namespaced"
                  names = { kind = "Thing", listKind = "ThingList", plural = "things", singular = "thing" }
                  versions = [
                    merge(local.version, { name = "v1", storage = true }),
                    merge(local.version, { name = "v1beta1", storage = false }),
                  ]
                }
              }
            }

            resource "mlops_manifest" "thing" {
              manifest = {
                apiVersion = "GROUP/${var.api_version}"
                kind       = "Thing"
                metadata   = { name = "it", namespace = "NAMESPACE" }
                spec = {
                  tenth = 0.1
                  large = 9007199254740991
                  mixed = [1, "two", true, { three = [3.5, {}] }, []]
                  empty = {}
                }
              }
              depends_on = [mlops_manifest.definition]
            }
        "#.replace("GROUP", &group))?;
        scenario.apply()?;
        let path = format!("/apis/{group}/v1/namespaces/{}/things/it", scenario.namespace);
        let live = scenario.cluster.expect(&path)?;
        let expected = json!({"tenth": 0.1, "large": 9_007_199_254_740_991_i64, "empty": {},
            "mixed": [1, "two", true, {"three": [3.5, {}]}, []]});
        ensure!(live["spec"] == expected, "{live}");

        // Another version of the same kind is the same object.
        scenario.workspace.set_variable("api_version", "v1")?;
        let plan = scenario.workspace.plan_json()?;
        let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
        let thing = changes.iter().find(|change| change["address"] == "mlops_manifest.thing").cloned();
        ensure!(thing.is_some_and(|thing| thing["change"]["actions"] == json!(["update"])), "{plan}");
        scenario.apply()?;
        ensure!(scenario.cluster.expect(&path)?["metadata"]["uid"] == live["metadata"]["uid"]);
        scenario.workspace.destroy()?.ok()?;
    }

    fn yaml_as_kubectl_reads_it(scenario) {
        scenario.file("objects.yaml", "---\r\n# A comment alone.\r\n---\r\napiVersion: v1\r\nkind: List\r\nitems:\r\n- apiVersion: v1\r\n  kind: ConfigMap\r\n  metadata: {name: one, namespace: NAMESPACE}\r\n  data: &data {octal: '0755', yes: 'no'}\r\n- apiVersion: v1\r\n  kind: ConfigMap\r\n  metadata: {name: two, namespace: NAMESPACE}\r\n  data: *data\r\n")?;
        scenario.configure(r#"
            resource "mlops_manifests" "it" {
              paths = ["${path.module}/objects.yaml"]
            }
        "#)?;
        scenario.apply()?;
        for name in ["one", "two"] {
            let live = scenario.cluster.expect(&scenario.config_map(name))?;
            ensure!(live["data"] == json!({"octal": "0755", "true": "no"}), "{live}");
        }
    }

    fn other_managers_share_lists(scenario) {
        scenario.configure(r#"
            resource "mlops_manifest" "it" {
              wait = { rollout = false }
              manifest = {
                apiVersion = "apps/v1"
                kind       = "Deployment"
                metadata   = { name = "web", namespace = "NAMESPACE", finalizers = ["example.com/ours"] }
                spec = {
                  selector = { matchLabels = { app = "web" } }
                  template = {
                    metadata = { labels = { app = "web" } }
                    spec     = { containers = [{ name = "web", image = "web:1", args = ["a", "b"] }] }
                  }
                }
              }
            }
        "#)?;
        scenario.apply()?;
        let path = format!("/apis/apps/v1/namespaces/{}/deployments/web", scenario.namespace);
        let theirs = json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "finalizers": ["example.com/theirs"]},
            "spec": {"template": {"spec": {"containers": [
                {"name": "sidecar", "image": "sidecar:1"},
                {"name": "web", "env": [{"name": "THEIRS", "value": "1"}]},
            ]}}}});
        scenario.cluster.apply(&path, "injector", &theirs)?;
        scenario.expect_no_changes()?;
        let state = scenario.state("mlops_manifest.it")?;
        let containers = &state["object"]["spec"]["template"]["spec"]["containers"];
        ensure!(containers.as_array().is_some_and(|containers| containers.len() == 1), "{state}");
        ensure!(containers[0].get("env").is_none(), "{state}");
        scenario.cluster.merge(&path, &json!({"metadata": {"finalizers": null}}))?;
    }
}
