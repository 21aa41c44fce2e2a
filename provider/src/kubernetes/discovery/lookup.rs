//! The look-up of a kind, and what is remembered for the next.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};

use super::{ApiResource, resource::root_path};
use crate::kubernetes::{
    connection::{Connection, Request},
    error::{Action, ApiError, Failure, Missing, Subject},
};

/// What discovery says about a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindLookup {
    /// The server serves it.
    Found(ApiResource),
    /// The server serves nothing of this group and version.
    GroupMissing,
    /// The server serves the group and version without this kind.
    KindMissing,
}

/// The kinds of a group and version; none if the server serves nothing of it.
struct Kinds {
    asked_at: Instant,
    resources: Option<BTreeMap<String, ApiResource>>,
}

/// What was found so far, by group and version.
#[derive(Default)]
pub(in crate::kubernetes) struct Discovery {
    versions: Mutex<BTreeMap<String, Arc<OnceCell<Kinds>>>>,
}

impl Discovery {
    /// The cell for a group and version; a new one in place of `stale`, if that is still the current one.
    async fn cell(&self, api_version: &str, stale: Option<&Arc<OnceCell<Kinds>>>) -> Arc<OnceCell<Kinds>> {
        let mut versions = self.versions.lock().await;
        let cell = versions.entry(api_version.to_owned()).or_default();
        if stale.is_some_and(|stale| Arc::ptr_eq(stale, cell)) {
            *cell = Arc::default();
        }
        Arc::clone(cell)
    }

    /// Forgets a group and version, so that the next look-up asks the server.
    pub(in crate::kubernetes) async fn forget(&self, api_version: &str) {
        self.versions.lock().await.remove(api_version);
    }
}

impl Connection {
    /// Looks up a kind. What is found may be remembered; what is missing was just asked.
    pub async fn find_kind(&self, api_version: &str, kind: &str) -> Result<KindLookup, ApiError> {
        let started = Instant::now();
        let mut cell = self.discovery().cell(api_version, None).await;
        loop {
            let kinds = cell.get_or_try_init(|| self.ask_kinds(api_version)).await?;
            match kinds.resources.as_ref().map(|resources| resources.get(kind)) {
                Some(Some(resource)) => return Ok(KindLookup::Found(resource.clone())),
                _ if kinds.asked_at < started => cell = self.discovery().cell(api_version, Some(&cell)).await,
                Some(None) => return Ok(KindLookup::KindMissing),
                None => return Ok(KindLookup::GroupMissing),
            }
        }
    }

    /// Asks for the kinds of a group and version.
    async fn ask_kinds(&self, api_version: &str) -> Result<Kinds, ApiError> {
        const ATTEMPTS: u32 = 12;
        const PAUSE: Duration = Duration::from_millis(250);
        let subject = Subject::Other(format!("`{api_version}`"));
        let request = Request::get(Action::Discover, subject, root_path(api_version));
        let mut attempt = 0;
        loop {
            attempt += 1;
            let asked_at = Instant::now();
            let missing = match self.send(&request).await {
                Ok(response) => {
                    let resources = parse_kinds(api_version, &request.json(&response)?);
                    let problem = || "the content is not a list of kinds".to_owned();
                    let resources =
                        resources.ok_or_else(|| request.error(Failure::Protocol { problem: problem() }))?;
                    return Ok(Kinds {
                        asked_at,
                        resources: Some(resources),
                    });
                }
                Err(error)
                    if matches!(
                        error.failure(),
                        Failure::NotFound {
                            missing: Missing::Path
                        }
                    ) =>
                {
                    error
                }
                Err(error) => return Err(error),
            };
            // Any web server answers 404. Only one that lists its groups knows that this one is gone.
            if !self.lists_version(&request, api_version).await? {
                return Ok(Kinds {
                    asked_at,
                    resources: None,
                });
            }
            // While a group comes or goes, the list and the group itself disagree for a moment.
            if attempt == ATTEMPTS {
                return Err(missing);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whether the server's list of groups has this group and version.
    async fn lists_version(&self, asked: &Request, api_version: &str) -> Result<bool, ApiError> {
        let path = if api_version.contains('/') {
            "/apis"
        } else {
            "/api"
        };
        let request = Request {
            path: path.to_owned(),
            ..asked.clone()
        };
        let response = self.send(&request).await?;
        let answer = request.json(&response)?;
        let items = |value: &Value, field: &str| value[field].as_array().cloned().unwrap_or_default();
        match answer["kind"].as_str() {
            Some("APIGroupList") => {
                let groups = items(&answer, "groups");
                Ok(groups
                    .iter()
                    .flat_map(|group| items(group, "versions"))
                    .any(|version| version["groupVersion"] == api_version))
            }
            Some("APIVersions") => Ok(items(&answer, "versions")
                .iter()
                .any(|version| version == api_version)),
            _ => {
                let problem = "the content is not a list of API groups".to_owned();
                Err(request.error(Failure::Protocol { problem }))
            }
        }
    }
}

/// The kinds of an `APIResourceList`, without subresources.
fn parse_kinds(api_version: &str, answer: &Value) -> Option<BTreeMap<String, ApiResource>> {
    if answer["kind"] != "APIResourceList" {
        return None;
    }
    let mut kinds = BTreeMap::new();
    for resource in answer["resources"].as_array()? {
        let (Some(kind), Some(plural)) = (resource["kind"].as_str(), resource["name"].as_str()) else {
            continue;
        };
        if plural.contains('/') {
            continue;
        }
        let verbs = resource["verbs"].as_array().into_iter().flatten();
        let resource = ApiResource {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced: resource["namespaced"] == true,
            verbs: verbs.filter_map(Value::as_str).map(str::to_owned).collect(),
        };
        kinds.insert(kind.to_owned(), resource);
    }
    Some(kinds)
}
