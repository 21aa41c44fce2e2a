//! Deletions that take their time, and what holds them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::json;
use terraform_provider_mlops::kubernetes::{
    api::{DeleteOptions, Deletion},
    error::Failure,
    object::ObjectKey,
    wait::{Wait, WaitError},
};
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, in_namespace, key, limit};

#[tokio::test]
async fn a_namespace_that_ends_takes_nothing_new() {
    in_namespace("ending", async |fixture| {
        let mut held = fixture.config_map("held", &json!({}));
        held["metadata"]["finalizers"] = json!(["layer.org/hold"]);
        fixture.apply(&held).await.unwrap();
        let namespace = key("v1", "Namespace", &fixture.namespace);
        let deletion = fixture
            .connection
            .delete(&namespace, &DeleteOptions::default())
            .await
            .unwrap();
        let Deletion::Pending { uid, finalizers } = deletion else {
            unreachable!("{deletion:?}")
        };
        assert_eq!(finalizers, ["kubernetes"]);
        let error = fixture.apply(&fixture.config_map("new", &json!({}))).await.unwrap_err();
        assert!(
            matches!(error.failure(), Failure::NamespaceTerminating { namespace } if *namespace == fixture.namespace),
            "{error}"
        );

        let cancel = CancellationToken::new();
        let error = fixture
            .connection
            .wait_gone(&namespace, &uid, &limit(10, &cancel))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            matches!(error, WaitError::TimedOut(_)) && text.contains("layer.org/hold in 1 resource"),
            "{text}"
        );
        release(fixture, "held").await;
        fixture
            .connection
            .wait_gone(&namespace, &uid, &limit(60, &cancel))
            .await
            .unwrap();
    })
    .await;
}

async fn release(fixture: &Fixture, name: &str) {
    let path = format!("/api/v1/namespaces/NAMESPACE/configmaps/{name}");
    fixture
        .patch(&path, &json!({"metadata": {"finalizers": null}}))
        .await;
}

#[tokio::test]
async fn an_object_that_is_held_is_waited_for() {
    in_namespace("held", async |fixture| {
        let mut object = fixture.config_map("a", &json!({}));
        object["metadata"]["finalizers"] = json!(["layer.org/hold"]);
        fixture.apply(&object).await.unwrap();
        let object_key = ObjectKey::of(&object).unwrap();
        let deletion = fixture
            .connection
            .delete(&object_key, &DeleteOptions::default())
            .await
            .unwrap();
        let Deletion::Pending { uid, finalizers } = deletion else {
            unreachable!("{deletion:?}")
        };
        assert_eq!(finalizers, ["layer.org/hold"]);

        let cancel = CancellationToken::new();
        let told = Mutex::new(Vec::new());
        let progress = |text: &str| told.lock().unwrap().push(text.to_owned());
        let wait = Wait {
            progress: &progress,
            ..limit(1, &cancel)
        };
        let error = fixture
            .connection
            .wait_gone(&object_key, &uid, &wait)
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("held by the finalizers `layer.org/hold`"),
            "{error}"
        );
        assert_eq!(told.lock().unwrap().len(), 1);

        let released = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            release(fixture, "a").await;
            Instant::now()
        };
        let wait = limit(10, &cancel);
        let gone = async {
            fixture
                .connection
                .wait_gone(&object_key, &uid, &wait)
                .await
                .unwrap();
            Instant::now()
        };
        let (released, gone) = tokio::join!(released, gone);
        assert!(gone.saturating_duration_since(released) < Duration::from_millis(200));

        // A successor of the same name is another object.
        fixture.apply(&fixture.config_map("a", &json!({}))).await.unwrap();
        fixture
            .connection
            .wait_gone(&object_key, &uid, &limit(5, &cancel))
            .await
            .unwrap();
    })
    .await;
}
