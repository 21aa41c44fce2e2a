//! Airflow as its users reach it: its API, and its pages in a browser.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use ureq::Agent;
use xtask::browser::Browser;

use super::deployment::until;

const SILENCE: Duration = Duration::from_secs(20);
/// How long a page may take to show what it is for.
const PAGE: Duration = Duration::from_secs(40);
/// How long it may take from there to show everything.
const AT_REST: Duration = Duration::from_secs(15);

/// Airflow, and its first account.
pub(crate) struct Airflow {
    url: String,
    username: String,
    password: String,
    /// What the API asks for, as it is sent.
    token: RefCell<Option<String>>,
    agent: Agent,
}

impl Airflow {
    pub(crate) fn new(url: String, username: &str, password: String) -> Self {
        let agent = Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(SILENCE))
            .build()
            .into();
        Self {
            url,
            username: username.to_owned(),
            password,
            token: RefCell::default(),
            agent,
        }
    }

    /// The runs of a DAG, newest first: the id and the state of each.
    fn runs(&self, dag: &str) -> Result<Vec<(String, String)>> {
        let path = format!("/api/v2/dags/{dag}/dagRuns?order_by=-run_after&limit=50");
        let answer = self.get(&path)?;
        let runs = answer["dag_runs"].as_array().context("Airflow lists no runs")?;
        let run = |run: &Value| {
            let text = |field: &str| Some(run[field].as_str()?.to_owned());
            Some((text("dag_run_id")?, text("state")?))
        };
        Ok(runs.iter().filter_map(run).collect())
    }

    /// Waits until one of these tasks of a DAG runs, or waits for what it has started.
    pub(crate) fn wait_for_task(&self, dag: &str, tasks: &[&str]) -> Result<()> {
        let path =
            format!("/api/v2/dags/{dag}/dagRuns/~/taskInstances?state=running&state=deferred&limit=100");
        until(&format!("{tasks:?} of {dag} to run"), || {
            let found = self.get(&path)?;
            let mut instances = found["task_instances"].as_array().into_iter().flatten();
            let is_one = |instance: &Value| {
                // Tasks of a group have its name before theirs.
                let id = instance["task_id"].as_str().unwrap_or_default();
                tasks.contains(&id.rsplit('.').next().unwrap_or(id))
            };
            Ok(instances.any(is_one).then_some(()))
        })
    }

    /// Waits until the newest `count` runs of a DAG have ended, which must be all that there are, and all well.
    pub(crate) fn expect_success(&self, dag: &str, count: usize) -> Result<()> {
        let has_ended = |state: &str| state == "success" || state == "failed";
        let runs = until(&format!("{count} runs of {dag} to end"), || {
            let runs = self.runs(dag)?;
            let all = runs.len() >= count && runs.iter().all(|(_, state)| has_ended(state));
            Ok(all.then_some(runs))
        })?;
        let well = runs.iter().all(|(_, state)| state == "success");
        ensure!(runs.len() == count && well, "{runs:?}");
        Ok(())
    }

    /// A picture of the grid of a DAG's runs, as whoever signs in sees it.
    pub(crate) fn photograph_grid(&self, dag: &str, file: &Path) -> Result<()> {
        let browser = Browser::start(1920, 1000)?;
        browser.open(&format!("{}/auth/login/?next={}/dags/{dag}", self.url, self.url))?;
        let username = browser.find("input[name=username]", PAGE)?;
        browser.type_into(&username, &self.username)?;
        let password = browser.find("input[name=password]", PAGE)?;
        browser.type_into(&password, &self.password)?;
        let sign_in = browser.find("input[type=submit], button[type=submit]", PAGE)?;
        browser.click(&sign_in)?;
        browser.open(&format!("{}/dags/{dag}", self.url))?;
        browser.until(PAGE, || {
            let text = browser.text()?;
            ensure!(text.contains(dag), "the page should show {dag}: {text}");
            let bars = browser.script(
                "return document.querySelectorAll('a[href*=\"/runs/\"]').length",
                &json!([]),
            )?;
            ensure!(
                bars.as_u64().is_some_and(|bars| bars > 0),
                "the grid should have runs: {text}"
            );
            Ok(())
        })?;
        // What is still on its way pulses in its place. If it never comes, the picture shows that.
        let _ = browser.until(AT_REST, || {
            let pulses = "return document.getAnimations()
                .filter(one => one.effect.getTiming().iterations == Infinity).length";
            ensure!(
                browser.script(pulses, &json!([]))? == 0,
                "something is still loading"
            );
            Ok(())
        });
        browser.screenshot(file)
    }

    /// What the API answers, asked again while it is away.
    fn get(&self, path: &str) -> Result<Value> {
        let url = format!("{}{path}", self.url);
        until(&format!("an answer of {url}"), || {
            let answer = self.ask(&url);
            if answer.is_err() {
                // It may be the token, which is only good for so long.
                self.token.take();
            }
            Ok(answer.ok())
        })
    }

    fn ask(&self, url: &str) -> Result<Value> {
        if self.token.borrow().is_none() {
            let account = json!({"username": self.username, "password": self.password}).to_string();
            let request = self
                .agent
                .post(format!("{}/auth/token", self.url))
                .header("content-type", "application/json");
            let token: Value = serde_json::from_str(&request.send(&account)?.body_mut().read_to_string()?)?;
            let token = token["access_token"].as_str().context("Airflow gave no token")?;
            self.token.replace(Some(format!("Bearer {token}")));
        }
        let bearer = self.token.borrow().clone().unwrap_or_default();
        let mut answer = self.agent.get(url).header("authorization", bearer).call()?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    }
}
