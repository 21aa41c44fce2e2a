//! A namespace for a test, and what the tests do to the cluster beside the layer under test.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    io::{Write as _, stderr},
    panic::AssertUnwindSafe,
    time::Duration,
};

use futures::FutureExt;
use http::{Method, Request};
use serde_json::{Value, json};
use terraform_provider_mlops::kubernetes::{
    api::{Applied, ApplyOptions, DeleteOptions, Deletion, Lookup},
    connection::{Connection, ConnectionConfig},
    error::ApiError,
    object::ObjectKey,
    wait::{Conditions, Patience, Wait, WaitError},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The cluster, and the namespace of one test.
pub(crate) struct Fixture {
    pub(crate) connection: Connection,
    pub(crate) namespace: String,
}

/// The configuration that leads to the test cluster; none, loudly, if there is none.
pub(crate) fn config() -> Option<ConnectionConfig> {
    let Some(path) = std::env::var("MLOPS_TEST_KUBECONFIG")
        .ok()
        .filter(|path| !path.is_empty())
    else {
        // Written past the test harness, which hides what a passing test prints.
        let notice = "SKIPPED: no test cluster. Set MLOPS_TEST_KUBECONFIG to the kubeconfig of one.\n";
        stderr().write_all(notice.as_bytes()).unwrap();
        return None;
    };
    Some(ConnectionConfig {
        config_paths: vec![path],
        ..ConnectionConfig::default()
    })
}

/// Runs a test in a namespace of its own, which is removed afterwards, also after a failure.
pub(crate) async fn in_namespace(name: &str, test: impl AsyncFnOnce(&Fixture)) {
    const TIME_LIMIT: Duration = Duration::from_mins(2);
    let Some(config) = config() else { return };
    let namespace = format!("layer-{name}-{}", std::process::id());
    let fixture = Fixture {
        connection: Connection::new(config),
        namespace,
    };
    let run = async {
        fixture
            .apply(&fixture.namespace_object(&json!({})))
            .await
            .unwrap();
        fixture.service_account().await;
        test(&fixture).await;
    };
    let outcome = AssertUnwindSafe(tokio::time::timeout(TIME_LIMIT, run))
        .catch_unwind()
        .await;
    let namespace = key("v1", "Namespace", &fixture.namespace);
    let removed = fixture
        .connection
        .delete(&namespace, &DeleteOptions::default())
        .await;
    assert!(
        matches!(removed, Ok(Deletion::Pending { .. } | Deletion::Gone)),
        "{removed:?}"
    );
    match outcome {
        Ok(in_time) => assert!(
            in_time.is_ok(),
            "the test did not end within {} s",
            TIME_LIMIT.as_secs()
        ),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// The key of an object of the whole cluster.
pub(crate) fn key(api_version: &str, kind: &str, name: &str) -> ObjectKey {
    ObjectKey {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: None,
        name: name.to_owned(),
    }
}

/// A Pod template that runs nothing anywhere.
pub(crate) fn template(image: &str) -> Value {
    json!({
        "metadata": {"labels": {"app": "a"}},
        "spec": {"containers": [{"name": "main", "image": image}]},
    })
}

impl Fixture {
    /// Waits for the namespace's service account, without which Pods are refused.
    async fn service_account(&self) {
        let account = self.object("v1", "ServiceAccount", "default", &json!({}));
        while self.get(&account).await == Lookup::Absent {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn namespace_object(&self, labels: &Value) -> Value {
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace, "labels": labels}})
    }

    /// An object of the namespace, with these fields beside its metadata.
    pub(crate) fn object(&self, api_version: &str, kind: &str, name: &str, fields: &Value) -> Value {
        let mut object = fields.clone();
        object["apiVersion"] = json!(api_version);
        object["kind"] = json!(kind);
        object["metadata"] = json!({"name": name, "namespace": self.namespace});
        object
    }

    pub(crate) fn config_map(&self, name: &str, data: &Value) -> Value {
        self.object("v1", "ConfigMap", name, &json!({ "data": data }))
    }

    /// A workload of one replica of `image`.
    pub(crate) fn workload(&self, kind: &str, name: &str, image: &str) -> Value {
        let spec = json!({"selector": {"matchLabels": {"app": "a"}}, "template": template(image)});
        self.object("apps/v1", kind, name, &json!({ "spec": spec }))
    }

    pub(crate) async fn apply(&self, object: &Value) -> Result<Applied, ApiError> {
        self.connection.apply(object, &ApplyOptions::new("mlops")).await
    }

    pub(crate) async fn get(&self, object: &Value) -> Lookup {
        self.connection
            .get(&ObjectKey::of(object).unwrap())
            .await
            .unwrap()
    }

    /// Sends a request that the layer does not offer.
    pub(crate) async fn raw(&self, method: Method, path: &str, content_type: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", content_type);
        let request = request.body(body.to_string().into_bytes()).unwrap();
        self.connection
            .client()
            .await
            .unwrap()
            .request(request)
            .await
            .unwrap()
    }

    /// Changes part of an object, such as its `/status`.
    pub(crate) async fn patch(&self, path: &str, change: &Value) -> Value {
        let path = path.replace("NAMESPACE", &self.namespace);
        self.raw(Method::PATCH, &path, "application/merge-patch+json", change)
            .await
    }

    /// The first Pod that appears, of those whose main container has this image.
    pub(crate) async fn pod(&self, image: &str) -> Value {
        let path = format!("/api/v1/namespaces/{}/pods", self.namespace);
        loop {
            let list = self.raw(Method::GET, &path, "application/json", &json!({})).await;
            let mut pods = list["items"].as_array().unwrap().iter();
            if let Some(pod) = pods.find(|pod| pod["spec"]["containers"][0]["image"] == image) {
                return pod.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Writes what a kubelet would report about a Pod.
    pub(crate) async fn report(&self, pod: &Value, status: &Value) {
        let name = pod["metadata"]["name"].as_str().unwrap();
        let path = format!("/api/v1/namespaces/NAMESPACE/pods/{name}/status");
        self.patch(&path, &json!({ "status": status })).await;
    }

    /// Waits for the rollout of an object.
    pub(crate) async fn wait(&self, object: &Value, seconds: u64) -> Result<Value, WaitError> {
        let rollout = Conditions {
            rollout: true,
            ..Conditions::default()
        };
        self.wait_for(object, &rollout, seconds, impatient()).await
    }

    pub(crate) async fn wait_for(
        &self,
        object: &Value,
        conditions: &Conditions,
        seconds: u64,
        patience: Patience,
    ) -> Result<Value, WaitError> {
        let cancel = CancellationToken::new();
        let wait = Wait {
            patience,
            ..limit(seconds, &cancel)
        };
        self.connection
            .wait_ready(&ObjectKey::of(object).unwrap(), conditions, &wait)
            .await
    }

    /// What a wait says that fails.
    pub(crate) async fn failure(&self, object: &Value) -> String {
        match self.wait(object, 20).await {
            Err(error @ WaitError::Failed(_)) => format!("{}\n{}", error.summary(), error.detail()),
            other => unreachable!("{other:?}"),
        }
    }
}

/// A wait of some seconds that nobody listens to.
pub(crate) fn limit(seconds: u64, cancel: &CancellationToken) -> Wait<'_> {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    Wait {
        deadline,
        cancel,
        progress: &|_| {},
        patience: impatient(),
    }
}

/// Graces short enough for a test.
pub(crate) fn impatient() -> Patience {
    let second = Duration::from_secs(1);
    Patience {
        image_pull: second,
        container_start: second,
        crashes: 2,
        scheduling: second,
        creation: second,
        provisioning: second,
        readiness: second,
        settling: second,
    }
}
