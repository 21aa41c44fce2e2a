//! Rules 28 to 32 about identities and moves, broken by answers that no provider on the SDK gives.
#![expect(clippy::unwrap_used, reason = "tests")]

mod impostor;

use impostor::{Impostor, assert_broken, message};
use serde_json::json;
use tfplugin_sdk::Source;
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Client, State, json_to_value, proto};
use tfplugin_sdk::value::{Type, Value};

fn ty() -> Type {
    Type::Object([("id".to_owned(), Type::String)].into())
}

fn schema() -> proto::Schema {
    let id = proto::Attribute {
        name: "id".to_owned(),
        r#type: br#""string""#.to_vec(),
        computed: true,
        ..Default::default()
    };
    proto::Schema {
        version: 0,
        block: Some(proto::Block {
            attributes: vec![id],
            ..Default::default()
        }),
    }
}

fn value(id: &serde_json::Value) -> Value {
    json_to_value(&json!({ "id": id }), &ty()).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the fields that take it are optional")]
fn told(id: &Value) -> Option<proto::ResourceIdentityData> {
    let identity = Value::Mapping([("id".to_owned(), id.clone())].into());
    Some(proto::ResourceIdentityData {
        identity_data: message(&identity, &ty()),
    })
}

fn state() -> State {
    State {
        identity: value(&json!("1")),
        ..State::of(value(&json!("1")))
    }
}

fn announcement() -> proto::GetProviderSchemaResponse {
    proto::GetProviderSchemaResponse {
        provider: Some(proto::Schema::default()),
        resource_schemas: [("odd_thing".to_owned(), schema())].into(),
        ..Default::default()
    }
}

/// An identity with a required `id` for `odd_thing`, or nothing.
fn identities(announced: bool) -> proto::GetResourceIdentitySchemasResponse {
    let id = proto::IdentityAttribute {
        name: "id".to_owned(),
        r#type: br#""string""#.to_vec(),
        required_for_import: true,
        ..Default::default()
    };
    let identity = proto::ResourceIdentitySchema {
        version: 0,
        identity_attributes: vec![id],
    };
    proto::GetResourceIdentitySchemasResponse {
        identity_schemas: announced
            .then(|| ("odd_thing".to_owned(), identity))
            .into_iter()
            .collect(),
        ..Default::default()
    }
}

/// One that announces that.
fn odd(announced: bool) -> Impostor {
    Impostor::new(&schema(), false).answering("GetResourceIdentitySchemas", &identities(announced))
}

async fn reading(new_identity: Option<proto::ResourceIdentityData>, announced: bool) -> Client {
    let answer = proto::ReadResourceResponse {
        new_state: message(&value(&json!("1")), &ty()),
        new_identity,
        ..Default::default()
    };
    odd(announced)
        .answering("ReadResource", &answer)
        .client()
        .await
        .unwrap()
}

#[tokio::test]
async fn rules_29_to_31_reads() {
    let wrong = [
        (Value::UNKNOWN, "id", Rule::IdentityKnown),
        (Value::Null, "id", Rule::IdentityKnown),
        ("2".into(), "", Rule::IdentityStable),
    ];
    for (id, place, rule) in wrong {
        let client = reading(told(&id), true).await;
        assert_broken(client.read("odd_thing", &state()).await, place, rule);
    }
    let client = reading(told(&"1".into()), true).await;
    client.read("odd_thing", &state()).await.unwrap();
}

#[tokio::test]
async fn rule_30_an_identity_that_is_not_announced_or_of_another_type() {
    let client = reading(told(&"1".into()), false).await;
    let found = client.read("odd_thing", &state()).await;
    assert_broken(found, "", Rule::IdentityConforming);

    let other = proto::ResourceIdentityData {
        identity_data: message(&true.into(), &Type::Bool),
    };
    let client = reading(Some(other), true).await;
    let found = client.read("odd_thing", &state()).await;
    assert_broken(found, "", Rule::IdentityConforming);
}

#[tokio::test]
async fn rule_29_plans_and_applies() {
    let planned = proto::PlanResourceChangeResponse {
        planned_state: message(&value(&json!("1")), &ty()),
        planned_identity: told(&Value::UNKNOWN),
        ..Default::default()
    };
    let applied = proto::ApplyResourceChangeResponse {
        new_state: message(&value(&json!("1")), &ty()),
        new_identity: told(&Value::UNKNOWN),
        ..Default::default()
    };
    let client = odd(true)
        .answering("PlanResourceChange", &planned)
        .answering("ApplyResourceChange", &applied)
        .client()
        .await
        .unwrap();
    // What is to be created may be unknown, what exists may not.
    let change = client.plan("odd_thing", &json!({}), None).await.unwrap();
    assert_broken(client.apply(&change).await, "id", Rule::IdentityKnown);
    let update = client.plan("odd_thing", &json!({}), Some(&state())).await;
    assert_broken(update, "id", Rule::IdentityKnown);
}

#[tokio::test]
async fn rule_29_imports() {
    let imported = proto::ImportedResource {
        type_name: "odd_thing".to_owned(),
        state: message(&value(&json!("1")), &ty()),
        identity: told(&Value::UNKNOWN),
        ..Default::default()
    };
    let answer = proto::ImportResourceStateResponse {
        imported_resources: vec![imported],
        ..Default::default()
    };
    let client = odd(true)
        .answering("ImportResourceState", &answer)
        .client()
        .await
        .unwrap();
    let found = client.import_by_identity("odd_thing", &json!({"id": "1"})).await;
    assert_broken(found, "id", Rule::IdentityKnown);
}

#[tokio::test]
async fn rule_32_upgrades() {
    for (upgraded, place, rule) in [
        (None, "", Rule::IdentityUpgrade),
        (told(&Value::UNKNOWN), "id", Rule::IdentityKnown),
    ] {
        let answer = proto::UpgradeResourceIdentityResponse {
            upgraded_identity: upgraded,
            ..Default::default()
        };
        let client = odd(true)
            .answering("UpgradeResourceIdentity", &answer)
            .client()
            .await
            .unwrap();
        let found = client.upgrade_identity("odd_thing", 1, b"{}").await;
        assert_broken(found, place, rule);
    }
}

#[tokio::test]
async fn rule_28_moves() {
    let source = Source {
        provider: "registry.terraform.io/example/post".to_owned(),
        type_name: "post_parcel".to_owned(),
        version: 0,
        state: json!({}),
        private: Vec::new(),
        identity: serde_json::Value::Null,
        identity_version: 0,
    };
    let unknown = Value::Mapping([("id".to_owned(), Value::UNKNOWN)].into());
    for (state, place) in [(Value::Null, ""), (unknown, "id")] {
        let answer = proto::MoveResourceStateResponse {
            target_state: message(&state, &ty()),
            ..Default::default()
        };
        let client = odd(true)
            .answering("MoveResourceState", &answer)
            .client()
            .await
            .unwrap();
        assert_broken(client.take_over("odd_thing", &source).await, place, Rule::Move);
    }
}

#[tokio::test]
async fn rule_36_queries() {
    let event =
        |identity: Option<proto::ResourceIdentityData>, object: Option<Value>| proto::ListResourceEvent {
            identity,
            display_name: "odd".to_owned(),
            resource_object: object.and_then(|object| message(&object, &ty())),
            ..Default::default()
        };
    let whole = || Some(value(&json!("1")));
    let unknown = Some(Value::Mapping([("id".to_owned(), Value::UNKNOWN)].into()));
    for (with_resource, event, place) in [
        (false, event(None, None), "[0]"),
        (false, event(told(&"1".into()), whole()), "[0]"),
        (true, event(told(&"1".into()), None), "[0]"),
        (true, event(told(&"1".into()), unknown), "[0].id"),
    ] {
        let schemas = proto::GetProviderSchemaResponse {
            list_resource_schemas: [("odd_thing".to_owned(), proto::Schema::default())].into(),
            ..announcement()
        };
        let client = Impostor::default()
            .answering("GetProviderSchema", &schemas)
            .answering("GetResourceIdentitySchemas", &identities(true))
            .answering("ListResource", &event)
            .client()
            .await
            .unwrap();
        let found = client.list("odd_thing", &json!({}), 1, with_resource).await;
        assert_broken(found, place, Rule::List);
    }
}
