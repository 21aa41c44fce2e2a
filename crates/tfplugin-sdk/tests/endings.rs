//! How a real process ends, and by what it does not: requests, signals, and the death of those around it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde_json::json;
use support::{greeting, spawn};
use tfplugin_sdk::testing::{Client, Error, Launch, ProviderProcess, value_to_json};
use tokio::task::JoinHandle;

/// Long enough for a call to be under way.
const MOMENT: Duration = Duration::from_millis(200);

/// A call under way. It answers whether it was interrupted.
async fn pausing(client: &Client, seconds: u32, stubborn: bool) -> JoinHandle<Result<bool, Error>> {
    let client = client.clone();
    let call = tokio::spawn(async move {
        let pause = json!({"seconds": seconds, "stubborn": stubborn});
        let answer = client.read_data_source("greeting_pause", &pause).await?;
        Ok(value_to_json(&answer.value)["interrupted"] == true)
    });
    tokio::time::sleep(MOMENT).await;
    call
}

fn process(provider: &ProviderProcess) -> Pid {
    pid(provider.id().unwrap())
}

fn pid(number: u32) -> Pid {
    Pid::from_raw(i32::try_from(number).unwrap())
}

#[tokio::test]
async fn the_end_comes_within_a_second_even_with_calls_under_way() -> Result<(), Error> {
    for stubborn in [false, true] {
        let provider = spawn().await?;
        provider.client().configure(&json!({})).await?;
        let mut calls = Vec::new();
        for _ in 0..3 {
            calls.push(pausing(provider.client(), 60, stubborn).await);
        }
        let ending = provider.shutdown().await?;
        assert!(!ending.killed && ending.status.success(), "{ending:?}");
        assert!(ending.took < Duration::from_secs(1), "{:?}", ending.took);
        assert!(!ending.littered);
        for call in calls {
            // Who listens has answered; who does not is cut off.
            match call.await.unwrap() {
                Ok(interrupted) => assert!(interrupted && !stubborn),
                Err(error) => assert!(stubborn, "{error}"),
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_interrupt_right_after_the_handshake_is_left_to_terraform() -> Result<(), Error> {
    let started = Launch::new(greeting()?).start().await?;
    kill(pid(started.id().unwrap()), Signal::SIGINT).unwrap();
    let provider = started.connect().await?;
    provider.client().configure(&json!({})).await?;
    assert!(provider.shutdown().await?.status.success());
    Ok(())
}

#[tokio::test]
async fn an_interrupt_of_the_whole_group_ends_nothing() -> Result<(), Error> {
    let provider = Launch::new(greeting()?)
        .in_own_group()
        .start()
        .await?
        .connect()
        .await?;
    let client = provider.client();
    client.configure(&json!({})).await?;
    let call = pausing(client, 60, false).await;
    // People press the keys twice.
    for _ in 0..2 {
        killpg(process(&provider), Signal::SIGINT).unwrap();
        tokio::time::sleep(MOMENT).await;
        assert!(!call.is_finished());
    }
    // That is what Terraform makes of it.
    client.stop().await?;
    assert!(call.await.unwrap()?);
    assert!(!pausing(client, 0, false).await.await.unwrap()?);
    let ending = provider.shutdown().await?;
    assert!(ending.status.success() && !ending.killed, "{ending:?}");
    Ok(())
}

#[tokio::test]
async fn a_termination_cancels_what_is_under_way_and_lets_it_be_recorded() -> Result<(), Error> {
    let provider = spawn().await?;
    provider.client().configure(&json!({})).await?;
    let listening = pausing(provider.client(), 60, false).await;
    // Longer than Terraform would wait for the end of the process.
    let recording = pausing(provider.client(), 2, true).await;
    kill(process(&provider), Signal::SIGTERM).unwrap();
    assert!(listening.await.unwrap()?);
    assert!(!recording.await.unwrap()?, "it was answered to its end");
    let ending = provider.ended().await?;
    assert!(ending.status.success() && !ending.killed, "{ending:?}");
    assert!(!ending.littered);
    Ok(())
}

#[tokio::test]
async fn a_termination_ends_an_idle_process_at_once() -> Result<(), Error> {
    let provider = spawn().await?;
    kill(process(&provider), Signal::SIGTERM).unwrap();
    let ending = provider.ended().await?;
    assert!(ending.status.success() && !ending.killed, "{ending:?}");
    assert!(ending.took < Duration::from_secs(1), "{:?}", ending.took);
    assert!(!ending.littered);
    Ok(())
}

#[tokio::test]
async fn an_interrupt_ends_a_debug_session() -> Result<(), Error> {
    let launch = Launch::new(greeting()?)
        .cookie(None)
        .without_tls()
        .argument("--debug");
    let started = launch.start().await?;
    kill(pid(started.id().unwrap()), Signal::SIGINT).unwrap();
    let ending = started.ended().await?;
    assert!(ending.status.success() && !ending.killed, "{ending:?}");
    Ok(())
}

#[tokio::test]
async fn a_closed_stdin_is_no_end() -> Result<(), Error> {
    let program = greeting()?;
    let provider = Launch::new("/bin/sh")
        .argument("-c")
        .argument("exec \"$0\" <&-")
        .argument(program)
        .start()
        .await?
        .connect()
        .await?;
    provider.client().configure(&json!({})).await?;
    assert!(!pausing(provider.client(), 0, false).await.await.unwrap()?);
    assert!(provider.shutdown().await?.status.success());
    Ok(())
}

/// A provider that is not the test's child, and gone with this value at the latest.
struct Grandchild {
    process: Pid,
    socket: String,
}

impl Grandchild {
    /// What the line of a provider says.
    fn of(line: &str) -> Self {
        let socket = line.split('|').nth(3).unwrap().to_owned();
        let name = Path::new(&socket).file_name().unwrap().to_str().unwrap();
        let number = name.strip_prefix("plugin").unwrap().split('-').next().unwrap();
        Self {
            process: Pid::from_raw(number.parse().unwrap()),
            socket,
        }
    }

    fn lives(&self) -> bool {
        // A process that has ended and whom nobody has asked for yet has no command line.
        let command = std::fs::read(format!("/proc/{}/cmdline", self.process)).unwrap_or_default();
        command.windows(8).any(|part| part == b"greeting")
    }
}

impl Drop for Grandchild {
    fn drop(&mut self) {
        if self.lives() {
            let _ = kill(self.process, Signal::SIGKILL);
        }
        let _ = std::fs::remove_file(&self.socket);
    }
}

#[tokio::test]
async fn a_provider_whose_parent_was_killed_serves_who_is_there_and_then_ends() -> Result<(), Error> {
    let parent = Launch::new("/bin/sh")
        .argument("-c")
        .argument("\"$0\" & wait")
        .argument(greeting()?)
        .without_tls()
        .start()
        .await?;
    let provider = Grandchild::of(parent.line());
    let client = Client::attach("unix", &provider.socket).await?;
    client.configure(&json!({})).await?;
    kill(pid(parent.id().unwrap()), Signal::SIGKILL).unwrap();
    // Longer than it takes it to notice.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!(!pausing(&client, 0, false).await.await.unwrap()?);
    drop(client);
    let begun = Instant::now();
    while provider.lives() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the provider stays");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!Path::new(&provider.socket).exists());
    Ok(())
}

#[tokio::test]
async fn a_client_that_goes_is_no_end_while_the_parent_lives() -> Result<(), Error> {
    let started = Launch::new(greeting()?).without_tls().start().await?;
    let address = started.line().split('|').nth(3).unwrap().to_owned();
    let client = Client::attach("unix", &address).await?;
    client.configure(&json!({})).await?;
    drop(client);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let provider = started.connect().await?;
    assert!(!pausing(provider.client(), 0, false).await.await.unwrap()?);
    assert!(provider.shutdown().await?.status.success());
    Ok(())
}
