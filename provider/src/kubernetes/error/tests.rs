//! Answers of a real API server (1.35), and what is made of them.
#![expect(clippy::unwrap_used, reason = "tests")]

use kube::core::{Status, response::StatusCause};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, ApiError, Failure, Missing, Subject, is_immutable_field};
use crate::kubernetes::object::ObjectKey;

fn key(api_version: &str, kind: &str, name: &str) -> ObjectKey {
    ObjectKey {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: Some("shop".to_owned()),
        name: name.to_owned(),
    }
}

fn config_map() -> ObjectKey {
    key("v1", "ConfigMap", "web")
}

fn error(key: ObjectKey, code: u16, reason: &str, message: &str, details: Value) -> ApiError {
    let mut status: Status = serde_json::from_value(
        json!({"status": "Failure", "message": message, "reason": reason, "code": code}),
    )
    .unwrap();
    status.details = serde_json::from_value(details).unwrap();
    ApiError::from_status(Action::Apply, Subject::Object(key), status)
}

#[derive(Deserialize)]
struct Answer {
    kind: String,
    name: String,
    immutable: bool,
    cause: StatusCause,
}

#[test]
fn immutable_fields_are_told_from_other_refusals() {
    let answers: Vec<Answer> = serde_json::from_str(include_str!("immutable-answers.json")).unwrap();
    assert!(answers.len() > 40);
    for Answer {
        kind,
        name,
        immutable,
        cause,
    } in answers
    {
        assert_eq!(
            is_immutable_field(&cause),
            immutable,
            "{kind} {name}: {}",
            cause.message
        );
    }
}

#[test]
fn a_value_that_speaks_of_immutability_does_not_count() {
    let cause = |message: &str| StatusCause {
        message: message.to_owned(),
        reason: String::new(),
        field: String::new(),
    };
    let json = "Invalid value: \"field is immutable: cannot be changed\": must be no more than 10 characters";
    assert!(!is_immutable_field(&cause(json)));
    let go = "Invalid value: v1.Selector{Labels: immutable}: must be no more than 10 characters";
    assert!(!is_immutable_field(&cause(go)));
    assert!(is_immutable_field(&cause(
        "Invalid value: v1.Selector{Labels: a}: field is immutable"
    )));
}

#[test]
fn only_causes_that_are_all_immutable_need_a_replacement() {
    let immutable = json!({"field": "spec.selector", "message": "Invalid value: 1: field is immutable"});
    let plain =
        json!({"field": "spec.replicas", "message": "Invalid value: -1: must be greater than or equal to 0"});
    let with = |causes: Value| {
        error(
            config_map(),
            422,
            "Invalid",
            "x is invalid",
            json!({"causes": causes}),
        )
    };
    assert!(with(json!([immutable])).needs_replacement());
    assert!(!with(json!([immutable, plain])).needs_replacement());
    assert!(!with(json!([])).needs_replacement());
    let detail = with(json!([plain])).detail();
    assert!(detail.contains("- spec.replicas: Invalid value: -1"), "{detail}");
}

fn missing(key: ObjectKey, reason: &str, details: Value) -> Missing {
    match error(key, 404, reason, "not found", details).failure() {
        Failure::NotFound { missing } => missing.clone(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn only_a_status_that_names_the_object_says_that_it_is_gone() {
    let details = |name: &str, group: &str, kind: &str| json!({"name": name, "group": group, "kind": kind});
    assert_eq!(
        missing(config_map(), "NotFound", details("web", "", "configmaps")),
        Missing::Object
    );
    assert_eq!(
        missing(config_map(), "NotFound", details("other", "", "configmaps")),
        Missing::Path
    );
    assert_eq!(missing(config_map(), "NotFound", json!({})), Missing::Path);
    assert_eq!(
        missing(config_map(), "", Value::Null),
        Missing::Path,
        "a web server's 404"
    );
    assert_eq!(
        missing(config_map(), "", details("web", "", "configmaps")),
        Missing::Path,
        "a proxy's 404"
    );
    let widget = key("x.org/v1", "Widget", "web");
    assert_eq!(
        missing(widget.clone(), "NotFound", details("web", "x.org", "widgets")),
        Missing::Object
    );
    assert_eq!(
        missing(widget.clone(), "NotFound", details("web", "y.org", "widgets")),
        Missing::Path
    );
    let in_shop = Missing::Namespace("shop".to_owned());
    assert_eq!(
        missing(widget, "NotFound", details("shop", "", "namespaces")),
        in_shop
    );
    let same_name = key("v1", "ConfigMap", "shop");
    assert_eq!(
        missing(same_name, "NotFound", details("shop", "", "namespaces")),
        in_shop
    );
    let namespace = ObjectKey {
        namespace: None,
        ..key("v1", "Namespace", "shop")
    };
    assert_eq!(
        missing(namespace, "NotFound", details("shop", "", "namespaces")),
        Missing::Object
    );
}

#[test]
fn refusals_by_rbac_differ_from_refusals_of_content() {
    let message = "configmaps \"web\" is forbidden: User \"ci\" cannot patch resource \"configmaps\" in API group \"\" in \
                   the namespace \"shop\"";
    let rbac = error(
        config_map(),
        403,
        "Forbidden",
        message,
        json!({"name": "web", "kind": "configmaps"}),
    );
    assert!(rbac.leaves_plan_open());
    let detail = rbac.detail();
    assert!(
        detail.contains("user `ci` cannot patch `configmaps` in API group `` in the namespace `shop`"),
        "{detail}"
    );

    let quota =
        "configmaps \"web\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=3";
    let denied = [
        (403, "Forbidden", quota),
        (
            422,
            "Invalid",
            "configmaps \"w\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
        ),
        (
            400,
            "BadRequest",
            "admission webhook \"x.org\" denied the request: no",
        ),
        (
            403,
            "Forbidden",
            "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true",
        ),
    ];
    for (code, reason, message) in denied {
        let error = error(config_map(), code, reason, message, Value::Null);
        assert!(matches!(error.failure(), Failure::Denied { .. }), "{message}");
        assert!(!error.leaves_plan_open());
        assert!(error.detail().contains(message));
    }

    let cause = json!({"reason": "NamespaceTerminating", "message": "namespace shop is being terminated"});
    let error = error(
        config_map(),
        403,
        "Forbidden",
        "… because it is being terminated",
        json!({"causes": [cause]}),
    );
    assert_eq!(
        error.summary(),
        "Cannot apply v1 ConfigMap shop/web: the namespace `shop` is being deleted"
    );
}

#[test]
fn a_refusal_is_one_whatever_code_a_webhook_chooses() {
    let details = json!({"name": "web", "kind": "configmaps", "retryAfterSeconds": 1});
    let codes = [
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (409, "Conflict"),
        (410, "Gone"),
        (413, "RequestEntityTooLarge"),
        (422, "Invalid"),
        (429, "TooManyRequests"),
        (500, "InternalError"),
        (503, "ServiceUnavailable"),
        (504, "Timeout"),
    ];
    for (code, reason) in codes {
        let message = "admission webhook \"x.org\" denied the request: User \"ci\" cannot delete it";
        let error = error(config_map(), code, reason, message, details.clone());
        assert!(
            matches!(error.failure(), Failure::Denied { .. }),
            "{code} {error:?}"
        );
        assert!(error.detail().contains(message), "{code} {error}");
    }
}

#[test]
fn conflicts_name_fields_and_managers() {
    let cause = |field: &str, manager: &str| json!({"reason": "FieldManagerConflict", "field": field, "message": format!("conflict with {manager}")});
    let causes = json!([
        cause(".spec.replicas", "\"kubectl\""),
        cause(".data.a", "\"x\" with subresource \"scale\"")
    ]);
    let conflict = error(
        config_map(),
        409,
        "Conflict",
        "Apply failed with 2 conflicts",
        json!({"causes": causes}),
    );
    let detail = conflict.detail();
    assert!(
        detail.contains("- .spec.replicas: `kubectl`\n- .data.a: `x` with subresource `scale`\n"),
        "{detail}"
    );

    let uid = "the UID in the precondition (a) does not match the UID in record (b)";
    let changed = error(config_map(), 409, "Conflict", uid, Value::Null);
    assert!(matches!(changed.failure(), Failure::Changed));
    assert!(changed.detail().contains(uid));
    assert!(matches!(
        error(config_map(), 409, "AlreadyExists", "", Value::Null).failure(),
        Failure::AlreadyExists
    ));
}

#[test]
fn manifests_that_do_not_fit_the_schema() {
    let one = "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in \
               schema";
    let detail = error(config_map(), 500, "", one, Value::Null).detail();
    assert!(
        detail.contains("- .spec.foo: field not declared in schema\n"),
        "{detail}"
    );

    let two = "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): errors:\n  .a: one\n  .b: two";
    let detail = error(config_map(), 500, "", two, Value::Null).detail();
    assert!(detail.contains("- .a: one\n- .b: two\n"), "{detail}");

    let other = error(config_map(), 500, "InternalError", "etcd is on fire", Value::Null);
    assert!(matches!(other.failure(), Failure::Other));
    assert!(other.detail().contains("answered 500: etcd is on fire."));
}

#[test]
fn answers_about_a_secret_do_not_quote_it() {
    let secret = || key("v1", "Secret", "s");
    let schema = "failed to create typed patch object (shop/s; /v1, Kind=Secret): .stringData.a: expected string, got \
                  &value.valueUnstructured{Value:12345}";
    let invalid = json!({"causes": [
        {"field": "type", "message": "Invalid value: \"hunter2\": field is immutable", "reason": "FieldValueInvalid"},
    ]});
    let errors = [
        error(secret(), 500, "", schema, Value::Null),
        error(
            secret(),
            422,
            "Invalid",
            "Secret \"s\" is invalid: type: Invalid value: \"hunter2\"",
            invalid,
        ),
        error(secret(), 500, "", "cannot decode hunter2", Value::Null),
    ];
    for error in errors {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("12345") && !shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn webhooks_overload_and_the_rest() {
    let failure = |code, reason: &str, message: &str| error(config_map(), code, reason, message, Value::Null);
    let dry_run = failure(
        400,
        "BadRequest",
        "admission webhook \"x.org\" does not support dry run",
    );
    assert!(matches!(dry_run.failure(), Failure::DryRunUnsupported) && dry_run.leaves_plan_open());
    let webhook = failure(
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \"w\": refused",
    );
    assert!(matches!(webhook.failure(), Failure::WebhookUnavailable { .. }) && webhook.leaves_plan_open());
    assert!(matches!(
        failure(413, "RequestEntityTooLarge", "").failure(),
        Failure::TooLarge
    ));
    assert!(matches!(failure(410, "Expired", "").failure(), Failure::Expired));
    assert!(matches!(
        failure(401, "Unauthorized", "").failure(),
        Failure::Unauthorized
    ));
    let details = json!({"retryAfterSeconds": 3});
    let busy = error(config_map(), 500, "ServerTimeout", "try again", details);
    assert!(
        busy.detail().contains("It asks to wait 3 s."),
        "{}",
        busy.detail()
    );
}
