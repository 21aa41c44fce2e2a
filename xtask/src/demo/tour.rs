//! What the demo says at its end: where everything is, who may enter, and what to try.

use std::path::Path;

use serde_json::Value;

use super::example::Example;
use crate::cli::Workspace;
use crate::kubernetes::ControlPlane;
use crate::report;

/// A demo that is there.
pub(super) struct Tour<'demo> {
    pub(super) example: Example,
    pub(super) workspace: &'demo Workspace,
    pub(super) cluster: &'demo ControlPlane,
    pub(super) outputs: &'demo Value,
    /// Where its working copies lie, if not where they do by default.
    pub(super) directory: Option<&'demo Path>,
}

impl Tour<'_> {
    pub(super) fn say(&self) {
        let places = self.places();
        if !places.is_empty() {
            report::heading("where to look");
            report::say(report::table(&places));
        }
        report::heading("what to try next");
        report::say(report::table(&self.experiments()));
    }

    /// Addresses, and who may enter.
    fn places(&self) -> Vec<Vec<String>> {
        let output = |name: &str| self.outputs[name]["value"].as_str();
        let mut rows = Vec::new();
        let mut row = |what: &str, how: String| rows.push(vec![format!("  {what}"), how]);
        if let Some(url) = output("url") {
            row("the page", url.to_owned());
        }
        let admin = &self.outputs["airflow_admin"]["value"];
        if let (Some(url), Some(username)) = (output("airflow_url"), admin["username"].as_str()) {
            row(
                "Airflow",
                format!("{url}, as `{username}` with the password that this prints:"),
            );
            row("", self.secret(&admin["password_secret"]));
        }
        if let Some(url) = output("ray_url") {
            row(
                "Ray's dashboard",
                format!("{url}, with the token that this prints:"),
            );
            row("", self.secret(&self.outputs["ray_token_secret"]["value"]));
        }
        rows
    }

    /// The command that prints a key of a Secret.
    fn secret(&self, secret: &Value) -> String {
        let text = |field: &str| secret[field].as_str().unwrap_or_default().to_owned();
        let namespace = self.example.name();
        let arguments = format!(
            "-n {namespace} get secret {} -o go-template='{{{{index .data \"{}\" | base64decode}}}}'",
            text("secret"),
            text("key"),
        );
        self.kubectl(&arguments)
    }

    fn kubectl(&self, arguments: &str) -> String {
        format!(
            "kubectl --kubeconfig {} {arguments}",
            self.cluster.kubeconfig_path().display()
        )
    }

    fn experiments(&self) -> Vec<Vec<String>> {
        let (folder, cli) = (self.workspace.directory().display(), self.workspace.cli());
        let name = self.example.name();
        let options = self
            .directory
            .map(|directory| format!(" --directory {}", directory.display()))
            .unwrap_or_default();
        let mut hints: Vec<(&str, String)> = Vec::new();
        if self.example == Example::ImageClassification {
            hints.push(("upload more", format!("cargo xtask demo batch{options}")));
        }
        let again =
            format!("edit a file of examples/{name} and run `cargo xtask demo {name}{options}` again");
        hints.push(("change something", again));
        for (purpose, arguments) in self.example.experiments() {
            hints.push((purpose, self.kubectl(arguments)));
        }
        let plan = format!(
            "cd {folder} && TF_CLI_CONFIG_FILE=.cli/cli.tfrc {} plan",
            cli.path.display()
        );
        hints.push(("and see it", plan));
        hints.push((
            "and undo it",
            "the same with `apply` in place of `plan`".to_owned(),
        ));
        hints.push(("take it all away", format!("cargo xtask demo --down{options}")));
        let rows = hints
            .into_iter()
            .map(|(purpose, how)| vec![format!("  {purpose}"), how]);
        rows.collect()
    }
}
