//! The life of a real process: calls side by side, interruptions, mistakes, logs, and its end.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use futures::future::join_all;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value as Json, json};
use support::{greeting, spawn};
use tfplugin_sdk::testing::{Error, Launch, Lifecycle, value_to_json};

/// Long enough for a call to be under way.
const MOMENT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn calls_run_side_by_side() -> Result<(), Error> {
    let provider = spawn().await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let begun = Instant::now();
    let pause = json!({"seconds": 1});
    let answers = join_all((0..64).map(|_| client.read_data_source("greeting_pause", &pause))).await;
    for answer in answers {
        assert_eq!(value_to_json(&answer?.value)["interrupted"], false);
    }
    // One after the other they would take a minute.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
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
async fn the_end_comes_within_a_second_even_with_a_call_under_way() -> Result<(), Error> {
    for stubborn in [false, true] {
        let provider = spawn().await?;
        let address = provider.handshake().address.clone();
        let client = provider.client().clone();
        client.configure(&json!({})).await?;
        let pausing = tokio::spawn(async move {
            let pause = json!({"seconds": 60, "stubborn": stubborn});
            client.read_data_source("greeting_pause", &pause).await
        });
        tokio::time::sleep(MOMENT).await;
        let ending = provider.shutdown().await?;
        assert!(!ending.killed && ending.status.success(), "{ending:?}");
        assert!(ending.took < Duration::from_secs(1), "{:?}", ending.took);
        assert!(!std::path::Path::new(&address).exists());
        let answer = pausing.await.unwrap();
        assert_eq!(answer.is_err(), stubborn, "{answer:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_interrupt_from_the_terminal_is_left_to_terraform() -> Result<(), Error> {
    let started = Launch::new(greeting()?).start().await?;
    let process = Pid::from_raw(i32::try_from(started.id().unwrap()).unwrap());
    // At once after the handshake, which is the earliest that Terraform may pass one on.
    kill(process, Signal::SIGINT).unwrap();
    let provider = started.connect().await?;
    kill(process, Signal::SIGINT).unwrap();
    tokio::time::sleep(MOMENT).await;
    provider.client().configure(&json!({})).await?;
    assert!(provider.shutdown().await?.status.success());
    Ok(())
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
async fn without_a_level_nothing_but_errors_is_logged() -> Result<(), Error> {
    let provider = Launch::new(greeting()?).start().await?.connect().await?;
    provider.client().configure(&json!({})).await?;
    let mut card = Lifecycle::new(provider.client(), "greeting_card");
    card.create(&json!({"name": "Ada"})).await?;
    assert_eq!(provider.shutdown().await?.stderr, Vec::<String>::new());
    Ok(())
}
