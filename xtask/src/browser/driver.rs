//! Requests to chromedriver, and what it says when one fails.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use super::process::DriverProcess;

/// Longer than any page load or script that is waited for here.
const PATIENCE: Duration = Duration::from_secs(90);

/// One session of a browser.
pub(super) struct Driver {
    agent: Agent,
    session: String,
    /// Dropped last: the session is closed before.
    _process: DriverProcess,
}

impl Driver {
    /// Starts a browser with these arguments; its temporary files go to `scratch`.
    pub(super) fn start(arguments: &[String], scratch: &Path) -> Result<Self> {
        let process = DriverProcess::start(scratch)?;
        let config = Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        let mut driver = Self {
            agent: config.into(),
            session: format!("http://127.0.0.1:{}", process.port),
            _process: process,
        };
        let capabilities =
            json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}});
        let answer = driver.call("POST", "/session", &capabilities)?;
        let id = answer["sessionId"]
            .as_str()
            .ok_or_else(|| anyhow!("the driver began no session: {answer}"))?;
        driver.session = format!("{}/session/{id}", driver.session);
        Ok(driver)
    }

    /// The `value` of the answer.
    pub(super) fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let uri = format!("{}{path}", self.session);
        let body = if method == "POST" {
            body.to_string()
        } else {
            String::new()
        };
        let request = Request::builder().method(method).uri(&uri).body(body);
        let request = request.with_context(|| format!("{method} {uri} is no request"))?;
        let mut response = self
            .agent
            .run(request)
            .with_context(|| format!("the browser's driver did not answer {method} {path}"))?;
        let text = response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_string()?;
        let mut answer: Value =
            serde_json::from_str(&text).with_context(|| format!("the driver answered {text:?}"))?;
        let value = answer["value"].take();
        if let Some(error) = value["error"].as_str() {
            bail!(
                "the browser: {error}: {}",
                value["message"].as_str().unwrap_or_default()
            );
        }
        Ok(value)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Closes the browser; what is left of it is ended with the driver.
        let _ = self.call("DELETE", "", &Value::Null);
    }
}
