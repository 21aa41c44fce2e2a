//! State stores: states come back as they were stored, whole or not at all, and locks keep others out.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cellar;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cellar::{Cellar, Folder};
use futures::{StreamExt as _, stream};
use serde_json::json;
use tempfile::TempDir;
use tfplugin_sdk::testing::{Capabilities, Client, Error, InProcess, Store, UNKNOWN, proto};
use tfplugin_sdk::{Diagnostics, Offer, Provider};

const FOLDER: &str = "cellar_folder";
const CARELESS: &str = "cellar_careless";

/// A client that proposes chunks of this size.
async fn client(chunk_size: i64) -> Client {
    let client = InProcess::<Cellar>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    client.with_capabilities(Capabilities {
        chunk_size,
        ..Capabilities::default()
    })
}

async fn folder(chunk_size: i64) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({"path": folder.path()});
    let opened = client(chunk_size).await.open_state_store(FOLDER, &config).await;
    (folder, opened.unwrap().value)
}

async fn careless() -> Store {
    let opened = client(8 << 20).await.open_state_store(CARELESS, &json!({})).await;
    opened.unwrap().value
}

/// Bytes of which no two chunks are the same.
fn state(length: usize) -> Vec<u8> {
    (0..=250)
        .flat_map(|byte| [byte; 7])
        .cycle()
        .take(length)
        .collect()
}

#[tokio::test]
async fn a_life() {
    let (folder, store) = folder(8 << 20).await;
    assert_eq!(store.read("default").await.unwrap().value, None);
    let lock = store.lock("default", "apply").await.unwrap().value.unwrap();
    store.write("default", b"{}").await.unwrap();
    store.write("default", b"{\"serial\": 1}").await.unwrap();
    store.unlock("default", &lock).await.unwrap();
    let found = store.read("default").await.unwrap().value.unwrap();
    assert_eq!(found, b"{\"serial\": 1}");
    store.write("other", b"{}").await.unwrap();
    assert_eq!(store.states().await.unwrap().value, ["default", "other"]);
    store.delete("other").await.unwrap();
    assert_eq!(store.states().await.unwrap().value, ["default"]);
    let twice = store.delete("other").await.unwrap_err();
    assert!(twice.to_string().contains("Failed to remove"), "{twice}");
    let outside = store.read("../default").await.unwrap_err();
    assert!(outside.to_string().contains("cannot be a file"), "{outside}");
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no lock, nothing half written"
    );
}

#[tokio::test]
async fn what_is_told_of_them() {
    let client = client(8 << 20).await;
    let names: Vec<_> = client.schemas().await.unwrap().state_stores.keys().collect();
    assert_eq!(names, [CARELESS, FOLDER]);
    let metadata = client.raw().get_metadata(proto::GetMetadataRequest {}).await;
    assert_eq!(metadata.unwrap().into_inner().state_stores.len(), 2);
}

#[tokio::test]
async fn states_of_every_length_arrive_as_they_were() {
    let (_folder, store) = folder(16).await;
    assert_eq!(store.chunk_size(), 16);
    for length in [1, 15, 16, 17, 31, 32, 33, 1000] {
        store.write("default", &state(length)).await.unwrap();
        let found = store.read("default").await.unwrap().value.unwrap();
        assert_eq!(found, state(length), "{length}");
    }
}

#[tokio::test]
async fn a_large_state_arrives_in_chunks_of_8_mib() {
    let (_folder, store) = folder(8 << 20).await;
    let large = state((20 << 20) + 1);
    store.write("default", &large).await.unwrap();
    assert!(store.read("default").await.unwrap().value.unwrap() == large);
}

#[tokio::test]
async fn any_proposal_comes_to_a_size_that_terraform_takes() {
    for (proposed, agreed) in [
        (i64::MIN, 8 << 20),
        (0, 8 << 20),
        (1, 1),
        (8 << 20, 8 << 20),
        (128 << 20, 128 << 20),
        ((128 << 20) + 1, 128 << 20),
        (i64::MAX, 128 << 20),
    ] {
        let (_folder, store) = folder(proposed).await;
        assert_eq!(store.chunk_size(), agreed, "{proposed}");
    }
}

#[tokio::test]
async fn one_lock_a_state() {
    let (_folder, store) = folder(8 << 20).await;
    let attempts = futures::future::join_all((0..8).map(|_| store.lock("default", "plan"))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = attempts.into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), refused.len()), (1, 7));
    let lock = taken.into_iter().next().unwrap().unwrap().value.unwrap();
    let refused = refused.into_iter().next().unwrap().unwrap_err().to_string();
    for part in [
        "The state \"default\" is locked",
        "\"plan\"",
        "force-unlock",
        &lock,
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    store.lock("other", "plan").await.unwrap();
    let wrong = store.unlock("default", "another").await.unwrap_err();
    assert!(wrong.to_string().contains(&lock), "{wrong}");
    store.unlock("default", &lock).await.unwrap();
    store.lock("default", "apply").await.unwrap();
}

#[tokio::test]
async fn a_lock_that_could_never_be_given_back_is_none() {
    let store = careless().await;
    let nameless = store.lock("default", "apply").await.unwrap_err();
    assert!(
        nameless.to_string().contains("a lock without an id"),
        "{nameless}"
    );
    let refused = store.unlock("default", "1").await.unwrap_err();
    assert!(refused.to_string().contains("It is jammed"), "{refused}");
}

/// The same folders, of which nobody said that they can be locked.
#[derive(Clone, Provider)]
#[provider(name = "attic")]
struct Attic {}

impl Provider for Attic {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.state_store::<Folder>();
    }
}

#[tokio::test]
async fn a_store_without_locks_says_so() {
    let client = InProcess::<Attic>::start().await.unwrap().client().clone();
    client.configure(&json!({})).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = json!({"path": folder.path()});
    let opened = client.open_state_store("attic_folder", &config).await;
    let store = opened.unwrap().value;
    assert_eq!(store.lock("default", "apply").await.unwrap().value, None);
    let nothing = store.unlock("default", "1").await.unwrap_err();
    assert!(nothing.to_string().contains("cannot be locked"), "{nothing}");
}

#[tokio::test]
async fn what_is_refused() {
    let client = client(8 << 20).await;
    let elsewhere = json!({"path": "/nowhere/at/all"});
    for (type_name, config, problem) in [
        (FOLDER, json!({"path": ""}), "Invalid value"),
        (FOLDER, json!({"path": "here"}), "not absolute"),
        (FOLDER, elsewhere, "no such folder"),
        (CARELESS, json!({"fault": "any"}), "It is stuck"),
        (CARELESS, json!({"fault": "panic"}), "it fell over"),
    ] {
        let refused = client.open_state_store(type_name, &config).await.unwrap_err();
        assert!(refused.to_string().contains(problem), "{refused}");
        // Core reads the capabilities before it looks at the errors, and crashes if they are not there.
        assert!(refused.violations().is_empty(), "{refused}");
    }
    let unknown = client.open_state_store(FOLDER, &json!({"path": UNKNOWN})).await;
    assert!(
        matches!(unknown, Err(Error::Test { .. })),
        "core opens nothing that is not known"
    );
    let store = careless().await;
    let errors = [
        store.write("a", b"x").await.unwrap_err(),
        store.states().await.unwrap_err(),
        store.delete("a").await.unwrap_err(),
        store.read("panic").await.map(drop).unwrap_err(),
    ];
    for (error, problem) in errors.iter().zip([
        "no room for a",
        "Nothing can be seen",
        "cannot be moved",
        "it fell over",
    ]) {
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[tokio::test]
async fn warnings_travel_with_a_state_and_without_one() {
    let store = careless().await;
    for (id, state) in [("hollow", None), ("any", Some(b"rattle".to_vec()))] {
        let answer = store.read(id).await.unwrap();
        assert_eq!((answer.value, answer.warnings.iter().count()), (state, 1), "{id}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("damp"), "").unwrap();
    let config = json!({"path": folder.path()});
    let opened = client(8 << 20).await.open_state_store(FOLDER, &config).await;
    assert_eq!(opened.unwrap().warnings.iter().count(), 1);
}

#[tokio::test]
async fn nothing_is_done_with_a_store_that_is_not_configured() {
    let client = client(8 << 20).await;
    let mut raw = client.raw();
    let read = proto::ReadStateBytesRequest {
        type_name: FOLDER.to_owned(),
        state_id: "default".to_owned(),
    };
    let too_early = |chunk: proto::ReadStateBytesResponse| {
        assert!(
            chunk.diagnostics[0]
                .detail
                .contains("before it configured the store"),
            "{chunk:?}"
        );
    };
    let first = raw
        .read_state_bytes(read.clone())
        .await
        .unwrap()
        .into_inner()
        .next()
        .await;
    too_early(first.unwrap().unwrap());
    // One that failed to open is not used as it was before.
    let folder = tempfile::tempdir().unwrap();
    client
        .open_state_store(FOLDER, &json!({"path": folder.path()}))
        .await
        .unwrap();
    let elsewhere = client
        .open_state_store(FOLDER, &json!({"path": "/nowhere/at/all"}))
        .await;
    elsewhere.unwrap_err();
    let second = raw
        .read_state_bytes(read)
        .await
        .unwrap()
        .into_inner()
        .next()
        .await;
    too_early(second.unwrap().unwrap());
    let absent = proto::ConfigureStateStoreRequest {
        type_name: "cellar_barrel".to_owned(),
        ..Default::default()
    };
    let absent = raw.configure_state_store(absent).await.unwrap().into_inner();
    assert!(
        absent.diagnostics[0].summary.contains("cellar_barrel"),
        "{absent:?}"
    );
    assert!(absent.capabilities.is_some());
}

#[tokio::test]
async fn a_state_over_256_mib_is_refused() {
    let huge = careless().await.read("huge").await.unwrap_err();
    assert!(huge.to_string().contains("268435457 bytes"), "{huge}");
    let (_folder, store) = folder(8 << 20).await;
    store.write("default", b"old").await.unwrap();
    // As many bytes as a first chunk announces; the others need not come.
    let chunk = chunk(b"new", (256 << 20) + 1, 0);
    let answer = write(&store, vec![chunk]).await;
    assert!(answer.contains("268435457 bytes"), "{answer}");
    assert_eq!(store.read("default").await.unwrap().value.unwrap(), b"old");
}

/// Terraform takes an answer before it has sent everything for a broken connection, and does not show what it says.
#[tokio::test]
async fn a_refusal_waits_for_the_rest() {
    let (_folder, store) = folder(8 << 20).await;
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    // More than the buffers of a connection hold.
    let rest = (0..1024).map(|_| chunk(&[0; 1 << 14], (256 << 20) + 1, 3));
    let chunks = std::iter::once(chunk(b"new", (256 << 20) + 1, 0)).chain(rest);
    let chunks = stream::iter(chunks).inspect(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let answer = store.client().raw().write_state_bytes(chunks).await.unwrap();
    assert!(answer.into_inner().diagnostics[0].summary.contains("too large"));
    assert_eq!(sent.load(Ordering::Relaxed), 1025);
}

/// The first chunk of a state, if it starts at 0, or a further one.
fn chunk(bytes: &'static [u8], total_length: i64, start: i64) -> proto::WriteStateBytesChunk {
    let meta = proto::WriteStateBytesMeta {
        type_name: FOLDER.to_owned(),
        state_id: "default".to_owned(),
    };
    let end = start + i64::try_from(bytes.len()).unwrap() - 1;
    proto::WriteStateBytesChunk {
        meta: (start == 0).then_some(meta),
        bytes: bytes.into(),
        total_length,
        range: Some(proto::StateRange { start, end }),
    }
}

/// What is answered to these chunks, beginning with those of a store that is configured.
async fn write(store: &Store, chunks: Vec<proto::WriteStateBytesChunk>) -> String {
    let answer = store.client().raw().write_state_bytes(stream::iter(chunks)).await;
    format!("{:?}", answer.unwrap().into_inner().diagnostics)
}

#[tokio::test]
async fn what_does_not_arrive_whole_is_not_stored() {
    let (_folder, store) = folder(8 << 20).await;
    store.write("default", b"old").await.unwrap();
    let nowhere = proto::WriteStateBytesChunk {
        range: None,
        ..chunk(b"new", 3, 0)
    };
    for (chunks, problem) in [
        (vec![], "there is nothing in it"),
        (vec![chunk(b"", 0, 0)], "0 bytes of 0"),
        (vec![chunk(b"ne", 3, 0)], "2 bytes of 3"),
        (vec![chunk(b"ne", 3, 0), chunk(b"ws", 3, 2)], "not of the length"),
        (vec![chunk(b"ne", 3, 0), chunk(b"w", 4, 2)], "not of the length"),
        (vec![chunk(b"ne", 3, 0), chunk(b"w", 3, 1)], "not in its place"),
        (vec![chunk(b"w", 3, 2)], "does not say what it is a state of"),
        (vec![nowhere], "not in its place"),
    ] {
        let answer = write(&store, chunks).await;
        assert!(answer.contains(problem), "{problem}: {answer}");
        assert_eq!(store.read("default").await.unwrap().value.unwrap(), b"old");
    }
    // Terraform is gone in the middle of it.
    let half = stream::iter([chunk(b"ne", 3, 0)]).chain(stream::pending());
    let mut raw = store.client().raw();
    let cut = tokio::time::timeout(Duration::from_millis(100), raw.write_state_bytes(half)).await;
    assert!(cut.is_err(), "{cut:?}");
    assert_eq!(store.read("default").await.unwrap().value.unwrap(), b"old");
    assert_eq!(
        write(&store, vec![chunk(b"ne", 3, 0), chunk(b"w", 3, 2)]).await,
        "[]"
    );
    assert_eq!(store.read("default").await.unwrap().value.unwrap(), b"new");
}
