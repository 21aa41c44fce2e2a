//! Credential plugins: programs that print an `ExecCredential`.
//!
//! They are run here and not by the HTTP client, so that they run once and not twice, without blocking, and so that no
//! error shows their environment.

use std::{io::ErrorKind, process::Stdio, time::Duration};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::process::Command;

use super::{ConnectionError, ExecPlugin};
use crate::kubernetes::yaml;

/// When credentials end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expiry(Option<Timestamp>);

impl Expiry {
    /// Whether they have ended or are about to.
    pub(super) fn is_near(self) -> bool {
        const MARGIN_SECONDS: i64 = 10;
        self.0
            .is_some_and(|end| Timestamp::now().as_second() + MARGIN_SECONDS >= end.as_second())
    }
}

/// What a plugin printed.
pub(super) struct FreshCredentials {
    pub(super) token: Option<SecretString>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<SecretString>,
    pub(super) expiry: Expiry,
}

const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Runs the plugin.
pub(super) async fn run(plugin: &ExecPlugin) -> Result<FreshCredentials, ConnectionError> {
    let error = |problem: String, install_hint: Option<&String>| ConnectionError::Exec {
        command: plugin.command.clone(),
        problem,
        install_hint: install_hint.cloned(),
    };
    let mut spec = json!({ "interactive": false });
    if let Some(cluster) = &plugin.cluster {
        spec["cluster"] = cluster.clone();
    }
    let info = json!({ "apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec });
    let child = Command::new(&plugin.command)
        .args(&plugin.args)
        .envs(
            plugin
                .env
                .iter()
                .map(|(name, value)| (name, value.expose_secret())),
        )
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(TIME_LIMIT, child).await {
        Err(_) => {
            return Err(error(
                format!("it did not end within {} s", TIME_LIMIT.as_secs()),
                None,
            ));
        }
        Ok(Err(problem)) if problem.kind() == ErrorKind::NotFound => {
            let problem = "there is no such program. Install it, or correct `command`".to_owned();
            return Err(error(problem, plugin.install_hint.as_ref()));
        }
        Ok(Err(problem)) => return Err(error(format!("it cannot be started: {problem}"), None)),
        Ok(Ok(output)) => output,
    };
    if !output.status.success() {
        let said = last_lines(&String::from_utf8_lossy(&output.stderr));
        return Err(error(
            format!("it ended with {}{said}", output.status),
            plugin.install_hint.as_ref(),
        ));
    }
    parse(&String::from_utf8_lossy(&output.stdout), &plugin.api_version)
        .map_err(|problem| error(problem, None))
}

/// The last lines of what the plugin wrote to its error stream.
fn last_lines(text: &str) -> String {
    const SHOWN: usize = 10;
    let lines: Vec<&str> = text.trim().lines().collect();
    let shown = &lines[lines.len().saturating_sub(SHOWN)..];
    if shown.is_empty() {
        String::new()
    } else {
        format!(" and wrote:\n{}", shown.join("\n"))
    }
}

/// Reads what the plugin printed: JSON, or YAML, which kubectl takes too. No error quotes it.
fn parse(text: &str, api_version: &str) -> Result<FreshCredentials, String> {
    let wanted = "expected an `ExecCredential` in JSON";
    let documents = yaml::parse_documents("output", text)
        .map_err(|error| format!("its output is not JSON (line {}); {wanted}", error.line()))?;
    let printed = documents
        .into_iter()
        .next()
        .map(|document| document.value)
        .unwrap_or_default();
    if printed["kind"] != "ExecCredential" {
        return Err(format!("its output is of another kind; {wanted}"));
    }
    if printed["apiVersion"] != api_version {
        let found = printed["apiVersion"].as_str().unwrap_or("no version");
        return Err(format!(
            "it answered in version `{found}` and was asked in `{api_version}`. Set `api_version` to the version that \
             it speaks"
        ));
    }
    let status = &printed["status"];
    let text = |field: &str| {
        status[field]
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let expiry = match status["expirationTimestamp"].as_str() {
        Some(time) => Some(
            time.parse()
                .map_err(|_| "its `expirationTimestamp` is not a time in RFC 3339".to_owned())?,
        ),
        None => None,
    };
    let fresh = FreshCredentials {
        token: text("token").map(SecretString::from),
        certificate: text("clientCertificateData"),
        key: text("clientKeyData").map(SecretString::from),
        expiry: Expiry(expiry),
    };
    if fresh.token.is_none() && fresh.certificate.is_none() {
        let empty = if matches!(status, Value::Null) {
            "no `status`"
        } else {
            "neither token nor certificate"
        };
        return Err(format!("its output has {empty}"));
    }
    Ok(fresh)
}
