//! The example provider `files`: everything that it offers, also what no released program asks for yet.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../examples/files/main.rs"]
#[expect(dead_code, reason = "nobody calls its `main`")]
mod files;

#[path = "files/life.rs"]
mod life;
#[path = "files/others.rs"]
mod others;
#[path = "files/planning.rs"]
mod planning;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;
use tfplugin_sdk::testing::{Client, InProcess};

use files::Files;

/// A root of its own, and a client of a provider that is configured with it.
struct Place {
    directory: TempDir,
    client: Client,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let client = InProcess::<Files>::start().await.unwrap().client().clone();
        client
            .configure(&json!({"root": directory.path()}))
            .await
            .unwrap();
        Self { directory, client }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, content: &str, mode: u32) {
        fs::write(self.path(name), content).unwrap();
        self.set_mode(name, mode);
    }

    fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn mode(&self, name: &str) -> u32 {
        self.path(name).metadata().unwrap().permissions().mode() & 0o7777
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}
