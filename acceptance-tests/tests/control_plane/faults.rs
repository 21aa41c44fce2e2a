//! Servers and proxies that answer wrongly: whatever they say, nothing leaves the state but what is truly gone.

use acceptance_tests::{Fault, Proxy, scenarios};
use anyhow::{Context as _, ensure};
use serde_json::json;

const CONFIG_MAP: &str = r#"
resource "mlops_manifest" "it" {
  manifest = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = { name = "settings", namespace = "NAMESPACE" }
  }
}
"#;

/// A `Status` as the API server writes it.
fn status(code: u16, reason: &str, name: &str) -> String {
    json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
        "message": "made by the test", "details": {"name": name, "kind": "configmaps"}})
    .to_string()
}

scenarios! {
    fn wrong_answers_keep_the_state(scenario) {
        let proxy = Proxy::start(scenario.cluster.control_plane())?;
        scenario.configure_with(&format!("provider \"mlops\" {{\n  host = {:?}\n}}\n", proxy.address()), CONFIG_MAP)?;
        scenario.apply()?;
        let object = "/configmaps/settings";
        let faults = [
            ("a page", Fault::new(object, 404, "text/html", "<html>not here</html>")),
            ("a page for everything", Fault::new("/", 404, "text/html", "<html>not here</html>")),
            ("another object", Fault::new(object, 404, "application/json", status(404, "NotFound", "other"))),
            ("refused", Fault::new(object, 403, "application/json", status(403, "Forbidden", "settings"))),
            ("no credentials", Fault::new(object, 401, "application/json", status(401, "Unauthorized", "settings"))),
            ("a broken server", Fault::new(object, 500, "application/json", status(500, "InternalError", "settings"))),
            ("no JSON", Fault::new(object, 200, "application/json", "{\"kind\": ")),
            ("a login page", Fault::new(object, 200, "text/html", "<html>log in</html>")),
            ("half an answer", Fault { length: 10_000, ..Fault::new(object, 200, "application/json", "{") }),
        ];
        for (name, fault) in faults {
            proxy.answer_by(Some(fault));
            scenario.expect_failure("plan", &["v1 ConfigMap NAMESPACE/settings"]).context(name)?;
            scenario.expect_failure("destroy", &["v1 ConfigMap NAMESPACE/settings"]).context(name)?;
            ensure!(scenario.find_state("mlops_manifest.it")?.is_some(), "{name}: the object left the state");
        }
        proxy.answer_by(None);
        ensure!(scenario.cluster.get(&scenario.config_map("settings"))?.is_some());
        scenario.expect_no_changes()?;

        let gone = Fault::new(object, 404, "application/json", status(404, "NotFound", "settings"));
        proxy.answer_by(Some(gone));
        let plan = scenario.workspace.run(["plan", "-refresh-only", "-no-color", "-input=false"])?.ok()?;
        ensure!(plan.unwrapped().contains("has been deleted"), "{}", plan.text());
    }
}
