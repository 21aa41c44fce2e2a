//! The API server as the tests see it: with all rights, and by plain requests.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use xtask::kubernetes::{Api, ControlPlane};
use xtask::test_bed::TestBed;

/// A client with all rights, and the control plane behind it.
pub struct Cluster {
    control_plane: ControlPlane,
    api: Api,
}

impl Cluster {
    /// The tier's cluster.
    pub fn of(bed: &TestBed) -> Result<Self> {
        let control_plane = bed.control_plane()?;
        let api = control_plane.api()?;
        Ok(Self { control_plane, api })
    }

    /// The control plane, for certificates.
    #[must_use]
    pub fn control_plane(&self) -> &ControlPlane {
        &self.control_plane
    }

    /// The object at `path`; `None` if it is not there.
    pub fn get(&self, path: &str) -> Result<Option<Value>> {
        match self.api.call("GET", path, None)? {
            (200, object) => Ok(Some(object)),
            (404, _) => Ok(None),
            (status, answer) => bail!("GET {path} was answered with {status}: {answer}"),
        }
    }

    /// The object at `path`, which must be there.
    pub fn expect(&self, path: &str) -> Result<Value> {
        self.get(path)?.with_context(|| format!("{path} is not there"))
    }

    /// Applies `object` at `path` by server-side apply as `manager`, with force.
    pub fn apply(&self, path: &str, manager: &str, object: &Value) -> Result<Value> {
        let path = format!("{path}?fieldManager={manager}&force=true");
        self.write("PATCH", &path, "application/apply-patch+yaml", object)
    }

    /// Merges `change` into the object at `path`, as `kubectl edit` would.
    pub fn merge(&self, path: &str, change: &Value) -> Result<Value> {
        let path = format!("{path}?fieldManager=kubectl-edit");
        self.write("PATCH", &path, "application/merge-patch+json", change)
    }

    /// Creates `object` in the collection at `path`.
    pub fn create(&self, path: &str, object: &Value) -> Result<Value> {
        self.write("POST", path, "application/json", object)
    }

    /// Replaces the object at `path`, or a subresource of it.
    pub fn put(&self, path: &str, object: &Value) -> Result<Value> {
        self.write("PUT", path, "application/json", object)
    }

    /// Deletes the object at `path`, if it is there.
    pub fn delete(&self, path: &str) -> Result<()> {
        let options = json!({"propagationPolicy": "Background"});
        match self
            .api
            .call("DELETE", path, Some(("application/json", &options)))?
        {
            (200 | 202 | 404, _) => Ok(()),
            (status, answer) => bail!("DELETE {path} was answered with {status}: {answer}"),
        }
    }

    /// Ends a Pod as if its node had lost it: at once, and without asking it.
    pub fn kill_pod(&self, namespace: &str, name: &str) -> Result<()> {
        let path = format!("/api/v1/namespaces/{namespace}/pods/{name}");
        let options = json!({"gracePeriodSeconds": 0});
        self.write("DELETE", &path, "application/json", &options)
            .map(drop)
    }

    fn write(&self, method: &str, path: &str, content_type: &str, body: &Value) -> Result<Value> {
        match self.api.call(method, path, Some((content_type, body)))? {
            (200..=299, answer) => Ok(answer),
            (status, answer) => bail!("{method} {path} was answered with {status}: {answer}"),
        }
    }
}
