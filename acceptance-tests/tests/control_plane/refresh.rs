//! Many objects are refreshed by few requests, and nothing that happened to them is overlooked for it.

use acceptance_tests::{Point, Proxy, Scenario, scenarios};
use anyhow::{Result, ensure};
use serde_json::json;

const OBJECTS: usize = 60;
const MANY: &str = r#"
resource "mlops_manifest" "many" {
  count = 60
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "many-${count.index}", namespace = "NAMESPACE" }
    data       = { index = tostring(count.index) }
  }
}
"#;
/// Discovery, the reads before it is clear that they are many, and some lists.
const MOST_REQUESTS: usize = 40;

/// How many requests a plan sends, and what it says.
fn plan(scenario: &Scenario, proxy: &Proxy) -> Result<(usize, String)> {
    // A point that no plan comes to: it only has the requests counted from here.
    let far = Point {
        request: usize::MAX,
        answered: false,
    };
    proxy.strike_at(far, || {});
    let plan = scenario.workspace.plan()?.ok()?;
    let (requests, _) = proxy.disarm();
    Ok((requests, plan.stdout))
}

scenarios! {
    fn many_objects_are_read_together(scenario) {
        let proxy = Proxy::start(scenario.cluster.control_plane())?;
        scenario.configure_with(&format!("provider \"mlops\" {{\n  host = {:?}\n}}\n", proxy.address()), MANY)?;
        scenario.apply()?;
        let (requests, said) = plan(scenario, &proxy)?;
        ensure!(said.contains("No changes."), "{said}");
        ensure!(requests < MOST_REQUESTS, "{requests} requests for {OBJECTS} objects");

        scenario.cluster.delete(&scenario.config_map("many-59"))?;
        scenario.cluster.merge(&scenario.config_map("many-58"), &json!({"data": {"index": "edited"}}))?;
        let (_, said) = plan(scenario, &proxy)?;
        ensure!(said.contains("Plan: 1 to add, 1 to change, 0 to destroy."), "{said}");
        scenario.apply()?;
        let (_, said) = plan(scenario, &proxy)?;
        ensure!(said.contains("No changes."), "{said}");
    }
}
