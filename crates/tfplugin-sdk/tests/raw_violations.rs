//! Rules that no provider on the SDK can break: the client notices them as well.
#![expect(clippy::unwrap_used, reason = "tests")]

mod impostor;

use impostor::{Impostor, assert_broken, message};
use serde_json::{Value as Json, json};
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Capabilities, Client, Error, Lifecycle, State, UNKNOWN, json_to_value, proto};
use tfplugin_sdk::value::{Refinements, Type, Unknown, Value};

/// A schema with a computed `id`, an optional `note`, a write-only `password` and blocks called `rule`.
fn schema() -> proto::Schema {
    let attribute = |name: &str| proto::Attribute {
        name: name.to_owned(),
        r#type: br#""string""#.to_vec(),
        ..Default::default()
    };
    let rule = proto::NestedBlock {
        type_name: "rule".to_owned(),
        block: Some(proto::Block::default()),
        nesting: proto::BlockNesting::List.into(),
        ..Default::default()
    };
    let block = proto::Block {
        attributes: vec![
            proto::Attribute {
                computed: true,
                ..attribute("id")
            },
            proto::Attribute {
                optional: true,
                ..attribute("note")
            },
            proto::Attribute {
                optional: true,
                write_only: true,
                ..attribute("password")
            },
        ],
        block_types: vec![rule],
        ..Default::default()
    };
    proto::Schema {
        version: 0,
        block: Some(block),
    }
}

fn ty() -> Type {
    let text = |name: &str| (name.to_owned(), Type::String);
    let rule = ("rule".to_owned(), Type::List(Box::new(Type::Object([].into()))));
    Type::Object([text("id"), text("note"), text("password"), rule].into())
}

/// An object of which the rest is null, and without blocks.
fn object(mut members: Json) -> Value {
    members["rule"] = json!([]);
    json_to_value(&members, &ty()).unwrap()
}

fn encoded(members: Json) -> Option<proto::DynamicValue> {
    message(&object(members), &ty())
}

fn state() -> State {
    State::of(object(json!({"id": "1"})))
}

fn odd() -> Impostor {
    Impostor::new(&schema(), true)
}

#[tokio::test]
async fn rules_of_plans() -> Result<(), Error> {
    let blocks = |rule: Value| {
        let Value::Mapping(mut members) = object(json!({})) else {
            unreachable!("an object is a mapping")
        };
        members.insert("rule".to_owned(), rule);
        message(&Value::Mapping(members), &ty())
    };
    let not_an_object = message(&true.into(), &Type::Bool);
    for (planned, place, rule) in [
        (blocks(Value::Null), "rule", Rule::PlannedBlocksKnown),
        (blocks(Value::UNKNOWN), "rule", Rule::PlannedBlocksKnown),
        (
            encoded(json!({"password": "hunter2"})),
            "password",
            Rule::PlannedWriteOnlyNull,
        ),
        (message(&Value::Null, &ty()), "", Rule::PlannedExistence),
        (not_an_object, "", Rule::Conforming),
    ] {
        let answer = proto::PlanResourceChangeResponse {
            planned_state: planned,
            ..Default::default()
        };
        let client = odd().answering("PlanResourceChange", &answer).client().await?;
        let config = json!({"password": "hunter2"});
        assert_broken(client.plan("odd_thing", &config, None).await, place, rule);
    }
    Ok(())
}

#[tokio::test]
async fn rule_11_plans_of_destructions() -> Result<(), Error> {
    let answer = |planned_state| proto::PlanResourceChangeResponse {
        planned_state,
        ..Default::default()
    };
    let client = odd()
        .answering("PlanResourceChange", &answer(encoded(json!({}))))
        .client()
        .await?;
    assert_broken(
        client.plan_destroy("odd_thing", &state()).await,
        "",
        Rule::DestroyPlannedNull,
    );
    let client = odd()
        .answering("PlanResourceChange", &answer(None))
        .client()
        .await?;
    client.plan_destroy("odd_thing", &state()).await?;
    // A provider that does not want to see the plan of a destruction is not asked.
    let client = Impostor::new(&schema(), false)
        .answering("PlanResourceChange", &answer(encoded(json!({}))))
        .client()
        .await?;
    client.plan_destroy("odd_thing", &state()).await.map(drop)
}

#[tokio::test]
async fn rules_of_applies() -> Result<(), Error> {
    let promise = Refinements {
        string_prefix: Some("id-".to_owned()),
        ..Refinements::default()
    };
    let Value::Mapping(mut members) = object(json!({})) else {
        unreachable!("an object is a mapping")
    };
    members.insert("id".to_owned(), Value::Unknown(Unknown::refined(promise)));
    let plan = proto::PlanResourceChangeResponse {
        planned_state: message(&Value::Mapping(members.clone()), &ty()),
        ..Default::default()
    };
    let client = |new_state| {
        let answer = proto::ApplyResourceChangeResponse {
            new_state,
            ..Default::default()
        };
        odd()
            .answering("PlanResourceChange", &plan)
            .answering("ApplyResourceChange", &answer)
            .client()
    };
    let unknown = message(&Value::Mapping(members.clone()), &ty());
    for (new_state, place, rule) in [
        (encoded(json!({"id": "1"})), "id", Rule::PromiseKept),
        (unknown, "id", Rule::AppliedKnown),
        (None, "", Rule::AppliedExistence),
        (
            encoded(json!({"id": "id-1", "password": "hunter2"})),
            "password",
            Rule::AppliedWriteOnlyNull,
        ),
    ] {
        let mut thing = Lifecycle::new(&client(new_state).await?, "odd_thing");
        assert_broken(thing.create(&json!({})).await, place, rule);
    }
    let mut thing = Lifecycle::new(&client(encoded(json!({"id": "id-1"}))).await?, "odd_thing");
    thing.create(&json!({})).await.map(drop)
}

#[tokio::test]
async fn rule_20_destructions() -> Result<(), Error> {
    let answer = proto::ApplyResourceChangeResponse {
        new_state: encoded(json!({})),
        ..Default::default()
    };
    let client = odd().answering("ApplyResourceChange", &answer).client().await?;
    let change = client.plan_destroy("odd_thing", &state()).await?;
    assert_broken(client.apply(&change).await, "", Rule::DestroyedNull);
    Ok(())
}

#[tokio::test]
async fn rule_23_the_legacy_sdk() -> Result<(), Error> {
    let answer = proto::PlanResourceChangeResponse {
        planned_state: encoded(json!({})),
        legacy_type_system: true,
        ..Default::default()
    };
    let client = odd().answering("PlanResourceChange", &answer).client().await?;
    assert_broken(
        client.plan("odd_thing", &json!({}), None).await,
        "",
        Rule::NotLegacy,
    );
    Ok(())
}

#[tokio::test]
async fn rules_24_and_26_what_is_read() -> Result<(), Error> {
    for (value, place) in [
        (json!({"password": "hunter2"}), "password"),
        (json!({"id": "(known after apply)"}), "id"),
    ] {
        let read = proto::ReadResourceResponse {
            new_state: encoded(value.clone()),
            ..Default::default()
        };
        let upgraded = proto::UpgradeResourceStateResponse {
            upgraded_state: encoded(value),
            ..Default::default()
        };
        let client = odd()
            .answering("ReadResource", &read)
            .answering("UpgradeResourceState", &upgraded)
            .client()
            .await?;
        assert_broken(client.read("odd_thing", &state()).await, place, Rule::Read);
        assert_broken(
            client.upgrade_state("odd_thing", 0, b"{}").await,
            place,
            Rule::Upgrade,
        );
    }
    let gone = odd().client().await?.read("odd_thing", &state()).await?;
    assert_eq!(gone.value, None);
    Ok(())
}

#[tokio::test]
async fn rule_25_data_sources() -> Result<(), Error> {
    for (state, place) in [(None, ""), (encoded(json!({"id": "(known after apply)"})), "id")] {
        let answer = proto::ReadDataSourceResponse {
            state,
            ..Default::default()
        };
        let client = odd().answering("ReadDataSource", &answer).client().await?;
        assert_broken(
            client.read_data_source("odd_thing", &json!({})).await,
            place,
            Rule::DataSource,
        );
    }
    Ok(())
}

#[tokio::test]
async fn rule_27_imports() -> Result<(), Error> {
    let imported = |type_name: &str, state| proto::ImportedResource {
        type_name: type_name.to_owned(),
        state,
        ..Default::default()
    };
    let one = || imported("odd_thing", encoded(json!({"id": "1"})));
    for objects in [
        vec![],
        vec![one(), one()],
        vec![imported("", encoded(json!({})))],
        vec![imported("odd_thing", None)],
    ] {
        let answer = proto::ImportResourceStateResponse {
            imported_resources: objects,
            ..Default::default()
        };
        let client = odd().answering("ImportResourceState", &answer).client().await?;
        assert_broken(client.import("odd_thing", "1").await, "", Rule::Import);
    }
    let answer = proto::ImportResourceStateResponse {
        imported_resources: vec![one()],
        ..Default::default()
    };
    let client = odd().answering("ImportResourceState", &answer).client().await?;
    client.import("odd_thing", "1").await.map(drop)
}

#[tokio::test]
async fn rule_34_deferrals() -> Result<(), Error> {
    let deferred = proto::Deferred {
        reason: proto::DeferredReason::AbsentPrereq.into(),
    };
    let answer = proto::ReadResourceResponse {
        new_state: encoded(json!({})),
        deferred: Some(deferred),
        ..Default::default()
    };
    let client = odd().answering("ReadResource", &answer).client().await?;
    assert_broken(client.read("odd_thing", &state()).await, "", Rule::NotDeferred);
    let allowing = client.with_capabilities(Capabilities {
        deferral: true,
        ..Capabilities::default()
    });
    let error = allowing.read("odd_thing", &state()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Deferred { reason, .. } if reason.ends_with("ABSENT_PREREQ")),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn rule_39_schemas() -> Result<(), Error> {
    let mut broken = schema();
    broken.block.as_mut().unwrap().attributes[0].computed = false;
    let client = Impostor::new(&broken, false).client().await?;
    assert_broken(client.schemas().await, "id", Rule::Schema);
    Ok(())
}

#[tokio::test]
async fn rule_42_diagnostics() -> Result<(), Error> {
    let diagnostic = proto::Diagnostic {
        summary: "Neither".to_owned(),
        ..Default::default()
    };
    let answer = proto::ValidateResourceConfigResponse {
        diagnostics: vec![diagnostic],
    };
    let client = odd()
        .answering("ValidateResourceConfig", &answer)
        .client()
        .await?;
    assert_broken(
        client.validate_resource("odd_thing", &json!({})).await,
        "",
        Rule::Diagnostic,
    );
    Ok(())
}

#[tokio::test]
async fn calls_that_fail_as_such_are_no_answers() -> Result<(), Error> {
    let nobody = Impostor::default().client().await?;
    assert_broken(nobody.schemas().await, "", Rule::Schema);
    let unknown = odd()
        .client()
        .await?
        .plan("odd_other", &json!({}), None)
        .await
        .unwrap_err();
    assert!(
        unknown.to_string().contains("no resource \"odd_other\""),
        "{unknown}"
    );
    Ok(())
}

/// A client of one with a function `odd`, which returns a string, and is answered so.
async fn odd_function(answer: proto::CallFunctionResponse) -> Client {
    let function = proto::Function {
        r#return: Some(proto::FunctionReturn {
            r#type: b"\"string\"".to_vec(),
        }),
        ..Default::default()
    };
    let schemas = proto::GetProviderSchemaResponse {
        provider: Some(proto::Schema::default()),
        functions: [("odd".to_owned(), function)].into(),
        ..Default::default()
    };
    let impostor = Impostor::default().answering("GetProviderSchema", &schemas);
    let client = impostor.answering("CallFunction", &answer).client().await;
    client.unwrap()
}

#[tokio::test]
async fn rule_35_functions() {
    let result = |value: &Value, ty: &Type| proto::CallFunctionResponse {
        result: message(value, ty),
        ..Default::default()
    };
    let about = |place| proto::CallFunctionResponse {
        error: Some(proto::FunctionError {
            text: "no".to_owned(),
            function_argument: Some(place),
        }),
        ..Default::default()
    };
    let wrong = [
        (result(&Value::UNKNOWN, &Type::String), Rule::Function),
        (result(&Value::from(true), &Type::Bool), Rule::Conforming),
        (about(0), Rule::Function),
        (about(-1), Rule::Function),
    ];
    for (answer, rule) in wrong {
        let client = odd_function(answer).await;
        assert_broken(client.call_function("odd", &[]).await, "", rule);
    }
}

#[tokio::test]
async fn rule_33_ephemeral_resources() {
    let schemas = proto::GetProviderSchemaResponse {
        provider: Some(proto::Schema::default()),
        ephemeral_resource_schemas: [("odd_thing".to_owned(), schema())].into(),
        ..Default::default()
    };
    let opened = |value: &Value| proto::OpenEphemeralResourceResponse {
        result: message(value, &ty()),
        ..Default::default()
    };
    let wrong = [
        (opened(&Value::Null), "", Rule::Ephemeral),
        (opened(&object(json!({"id": UNKNOWN}))), "id", Rule::Ephemeral),
        (
            opened(&object(json!({"id": "1", "note": "mine"}))),
            "note",
            Rule::PlannedNullWhereUnset,
        ),
    ];
    for (answer, place, rule) in wrong {
        let impostor = Impostor::default().answering("GetProviderSchema", &schemas);
        let client = impostor
            .answering("OpenEphemeralResource", &answer)
            .client()
            .await;
        let opened = client.unwrap().open("odd_thing", &json!({})).await;
        assert_broken(opened, place, rule);
    }
}

#[tokio::test]
async fn rule_43_a_write_only_value_that_would_be_stored() -> Result<(), Error> {
    // An empty answer means that all is well.
    let trusting = odd().client().await?.with_capabilities(Capabilities {
        write_only: false,
        ..Capabilities::default()
    });
    let config = json!({"note": "a", "password": "hunter2"});
    let taken = trusting.validate_resource("odd_thing", &config).await;
    assert_broken(taken, "password", Rule::WriteOnlyRefused);
    trusting
        .validate_resource("odd_thing", &json!({"note": "a"}))
        .await
        .map(drop)
}
