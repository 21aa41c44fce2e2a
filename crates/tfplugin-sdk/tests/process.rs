//! The life of a real process: calls side by side, large and slow ones, interruptions, mistakes, and what it writes.
#![expect(clippy::unwrap_used, reason = "tests")]

mod slow;
mod support;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::join_all;
use serde_json::{Value as Json, json};
use slow::Slow;
use support::{greeting, spawn};
use tfplugin_sdk::testing::{Client, Error, Launch, Lifecycle, ProviderProcess, proto, value_to_json};
use tfplugin_sdk::value::{Type, Value, encode};

/// Long enough for a call to be under way.
const MOMENT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn slow_calls_hold_up_no_fast_ones() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let begun = Instant::now();
    let pause = json!({"seconds": 2});
    let slow = join_all((0..64).map(|_| client.read_data_source("greeting_pause", &pause)));
    let fast = async {
        tokio::time::sleep(MOMENT).await;
        let begun = Instant::now();
        let at_once = json!({"seconds": 0});
        let answers = join_all((0..64).map(|_| client.read_data_source("greeting_pause", &at_once))).await;
        (answers, begun.elapsed())
    };
    let (slow, (fast, took)) = tokio::join!(slow, fast);
    for answer in slow.into_iter().chain(fast) {
        assert_eq!(value_to_json(&answer?.value)["interrupted"], false);
    }
    assert!(took < Duration::from_secs(1), "{took:?}");
    // One after the other they would take two minutes.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    provider.shutdown().await.map(drop)
}

/// The example in the clear, of which each greeting has 1 MiB.
async fn loud() -> Result<ProviderProcess, Error> {
    let started = Launch::new(greeting()?).without_tls().start().await?;
    let provider = started.connect().await?;
    let word = json!({"word": "x".repeat(1 << 20)});
    provider.client().configure(&word).await?;
    Ok(provider)
}

/// As large as a user has ever had it, and more than a provider on go-plugin can plan with: a plan carries it twice. The
/// calls are made by hand, because it takes long enough to send so much.
#[tokio::test]
async fn a_state_of_200_mib_is_applied_read_and_planned() -> Result<(), Error> {
    let provider = loud().await?;
    let client = provider.client();
    let letters: usize = 200 << 20;
    let ty = client.schemas().await?.resources["greeting_wall"].block.ty();
    let wall = |text| wire(&[("greetings", Value::from(200)), ("text", text)], &ty);
    let config = wall(Value::Null);
    let (mut raw, type_name) = (client.raw(), "greeting_wall".to_owned());

    let applied = raw.apply_resource_change(proto::ApplyResourceChangeRequest {
        type_name: type_name.clone(),
        planned_state: Some(wall(Value::UNKNOWN)),
        config: Some(config.clone()),
        ..Default::default()
    });
    let state = applied.await.unwrap().into_inner().new_state.unwrap();
    assert!(state.msgpack.len() > letters);

    let read = raw.read_resource(proto::ReadResourceRequest {
        type_name: type_name.clone(),
        current_state: Some(state.clone()),
        ..Default::default()
    });
    assert_eq!(read.await.unwrap().into_inner().new_state.as_ref(), Some(&state));

    let planned = raw.plan_resource_change(proto::PlanResourceChangeRequest {
        type_name,
        prior_state: Some(state.clone()),
        proposed_new_state: Some(state.clone()),
        config: Some(config),
        ..Default::default()
    });
    assert_eq!(planned.await.unwrap().into_inner().planned_state, Some(state));
    let peak = peak_memory(provider.id().unwrap());
    assert!(peak < 6 * letters, "{} MiB", peak >> 20);
    provider.shutdown().await.map(drop)
}

fn wire(attributes: &[(&str, Value)], ty: &Type) -> proto::DynamicValue {
    let attributes = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    proto::DynamicValue {
        msgpack: encode(&Value::Mapping(attributes.collect()), ty).unwrap().into(),
        json: Bytes::new(),
    }
}

/// The most that a process has had in memory, in bytes.
fn peak_memory(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kilobytes: usize = line.trim().strip_suffix(" kB").unwrap().parse().unwrap();
    kilobytes << 10
}

#[tokio::test]
async fn a_slow_reader_holds_up_nobody_else() -> Result<(), Error> {
    let provider = loud().await?;
    let client = provider.client();
    let stream = tokio::net::UnixStream::connect(&provider.handshake().address)
        .await
        .unwrap();
    let (stream, patience) = Slow::over(stream);
    let slow = Client::over(stream).await?;
    slow.schemas().await?;
    patience.store(false, Ordering::Relaxed);
    let reading = tokio::spawn(async move {
        let mut wall = Lifecycle::new(&slow, "greeting_wall");
        wall.create(&json!({"greetings": 8})).await?;
        Ok::<_, Error>(wall.json()["text"].as_str().map(str::len))
    });
    tokio::time::sleep(MOMENT).await;
    for _ in 0..50 {
        let begun = Instant::now();
        client
            .read_data_source("greeting_pause", &json!({"seconds": 0}))
            .await?;
        assert!(
            begun.elapsed() < Duration::from_millis(500),
            "{:?}",
            begun.elapsed()
        );
    }
    let mut card = Lifecycle::new(client, "greeting_wall");
    card.create(&json!({"greetings": 4})).await?;
    assert!(!reading.is_finished());
    // It gets everything in the end.
    patience.store(true, Ordering::Relaxed);
    assert_eq!(reading.await.unwrap()?, Some(8 << 20));
    provider.shutdown().await.map(drop)
}

#[tokio::test]
async fn an_interruption_ends_work_under_way_and_nothing_else() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client().clone();
    client.configure(&json!({})).await?;
    let pausing = tokio::spawn({
        let client = client.clone();
        async move {
            client
                .read_data_source("greeting_pause", &json!({"seconds": 60}))
                .await
        }
    });
    tokio::time::sleep(MOMENT).await;
    client.stop().await?;
    let answer = pausing.await.unwrap()?;
    assert_eq!(value_to_json(&answer.value)["interrupted"], true);
    let later = client
        .read_data_source("greeting_pause", &json!({"seconds": 0}))
        .await?;
    assert_eq!(value_to_json(&later.value)["interrupted"], false);
    provider.shutdown().await.map(drop)
}

#[tokio::test]
async fn a_panic_ends_its_call_and_nothing_else() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let pausing = tokio::spawn({
        let client = client.clone();
        async move {
            client
                .read_data_source("greeting_pause", &json!({"seconds": 1}))
                .await
        }
    });
    tokio::time::sleep(MOMENT).await;
    let mistake = json!({"cause": "out of paper"});
    let error = client
        .read_data_source("greeting_mistake", &mistake)
        .await
        .unwrap_err();
    let diagnostic = error.diagnostics().iter().next().unwrap();
    assert!(diagnostic.detail.contains("please report"), "{error}");
    assert!(diagnostic.detail.contains("out of paper"), "{error}");
    assert!(diagnostic.detail.contains("examples/greeting.rs:"), "{error}");
    pausing.await.unwrap()?;
    let ending = provider.shutdown().await?;
    assert!(ending.status.success());
    assert!(
        ending.stderr.iter().any(|line| line.contains("out of paper")),
        "{:?}",
        ending.stderr
    );
    Ok(())
}

#[tokio::test]
async fn logs_are_what_terraform_reads() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    Lifecycle::new(client, "greeting_card")
        .create(&json!({"name": "Ada"}))
        .await?;
    let stderr = provider.shutdown().await?.stderr;
    let entries: Vec<Json> = stderr
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for entry in &entries {
        assert!(["trace", "debug", "info", "warn", "error"].contains(&entry["@level"].as_str().unwrap()));
        assert!(entry["@message"].is_string(), "{entry}");
        assert!(is_timestamp(entry["@timestamp"].as_str().unwrap()), "{entry}");
    }
    let card = entries
        .iter()
        .find(|entry| entry["@message"] == "writing a card")
        .unwrap();
    assert_eq!((&card["@level"], &card["name"]), (&json!("info"), &json!("Ada")));
    // Which call it belongs to, by the names that Go's SDK gives.
    let call = (&card["tf_rpc"], &card["tf_resource_type"]);
    assert_eq!(call, (&json!("ApplyResourceChange"), &json!("greeting_card")));
    assert!(card["tf_req_id"].is_string(), "{card}");
    Ok(())
}

/// `2006-01-02T15:04:05.000000Z07:00`: `Z`, or an offset of hours and minutes.
fn is_timestamp(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|character| {
            if character.is_ascii_digit() {
                '0'
            } else {
                character
            }
        })
        .collect();
    ["Z", "+00:00", "-00:00"]
        .iter()
        .any(|zone| shape == format!("0000-00-00T00:00:00.000000{zone}"))
}

#[tokio::test]
async fn stdout_holds_the_handshake_and_nothing_else() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let mut card = Lifecycle::new(client, "greeting_card");
    card.converge(&json!({"name": "Ada"})).await?;
    card.destroy().await?;
    let mistake = json!({"cause": "out of paper"});
    assert!(
        client
            .read_data_source("greeting_mistake", &mistake)
            .await
            .is_err()
    );
    client.stop().await?;
    let stdout = provider.shutdown().await?.stdout;
    assert!(
        stdout.len() == 1 && stdout[0].starts_with("1|6|unix|/"),
        "{stdout:?}"
    );
    Ok(())
}

#[tokio::test]
async fn without_a_level_nothing_but_errors_is_logged() -> Result<(), Error> {
    let provider = Launch::new(greeting()?).start().await?.connect().await?;
    provider.client().configure(&json!({})).await?;
    let mut card = Lifecycle::new(provider.client(), "greeting_card");
    card.create(&json!({"name": "Ada"})).await?;
    assert_eq!(provider.shutdown().await?.stderr, Vec::<String>::new());
    Ok(())
}
