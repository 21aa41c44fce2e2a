//! The cluster that both providers work on: one API server.
//!
//! It can log what each of them asks, which takes time of its own. So what is counted is not timed: only the user of a
//! side that counts is logged, and its time is not taken.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::audit::{AuditLog, Traffic};
use super::configuration::{self, State};
use crate::bench::contender::Contender;
use crate::cli::{Cli, Mirror, Workspace};
use crate::figures::{Pair, Side};
use crate::kubernetes::{Api, ControlPlane, Options};
use crate::progress::Activity;

/// Logs what the two users send and receive, and nothing of what goes on inside the cluster.
const AUDIT_POLICY: &str = "\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  users: [bench-ours, bench-peer]
- level: None
";

/// A side's name as the user whose requests are counted, as a namespace and as a folder.
pub(super) fn identity(side: Side) -> &'static str {
    match side {
        Side::Ours => "bench-ours",
        Side::Peer => "bench-peer",
    }
}

/// What is measured: one at the cost of the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Measure {
    /// Requests and bytes.
    Traffic,
    /// Time.
    Time,
}

/// The cluster, the programs, and what each side needs to work with them.
pub(super) struct Arena {
    pub(super) api: Api,
    pub(super) cli: Cli,
    pub(super) contenders: Pair<Contender>,
    pub(super) state: State,
    /// Of the users that are logged.
    logged: Pair<PathBuf>,
    audit: AuditLog,
    mirror: Mirror,
    /// Dropped before the folder that holds its log.
    control_plane: ControlPlane,
    directory: TempDir,
}

impl Arena {
    /// Starts the cluster; it ends with the returned value.
    pub(super) fn start(contenders: Pair<Contender>, state: State) -> Result<Self> {
        let cli = Cli::terraform().map_or_else(Cli::tofu, Ok)?;
        let activity = Activity::start("starting a control plane");
        let directory = tempfile::tempdir().context("failed to create a folder")?;
        let audit_log = directory.path().join("audit.log");
        let control_plane = ControlPlane::start(&options(&directory, &audit_log)?)?;
        let api = control_plane.api()?;
        let logged = Pair::try_new(|side| {
            create_namespace(&api, identity(side))?;
            control_plane.issue_client(identity(side), Some("system:masters"))
        })?;
        let Contender { binary, version, .. } = &contenders.ours;
        let mirror = Mirror::prepare(&directory.path().join("mirror"), binary, version)?;
        let Contender {
            source,
            binary,
            version,
        } = &contenders.peer;
        mirror.add(source, binary, version)?;
        activity.finish(&format!(
            "started a control plane, Kubernetes {}",
            control_plane.version()
        ));
        Ok(Self {
            api,
            cli,
            contenders,
            state,
            logged,
            audit: AuditLog::new(audit_log),
            mirror,
            control_plane,
            directory,
        })
    }

    /// A workspace of a side, with `resources` and the configuration of its provider, ready to be applied.
    pub(super) fn workspace(&self, side: Side, name: &str, resources: &str) -> Result<Workspace> {
        let contender = self.contenders.get(side);
        let mut workspace = self.bare_workspace(&format!("{}-{name}", identity(side)))?;
        workspace.write("provider.tf", &configuration::provider(contender))?;
        workspace.write("main.tf", resources)?;
        self.prepare(&mut workspace, side, Measure::Time)?;
        workspace.set_variable("namespace", identity(side))?;
        workspace.init()?.ok()?;
        Ok(workspace)
    }

    /// Makes a workspace of a side ready for one kind of measurement.
    pub(super) fn prepare(&self, workspace: &mut Workspace, side: Side, measure: Measure) -> Result<()> {
        let kubeconfig = match measure {
            Measure::Traffic => self.logged.get(side),
            Measure::Time => &self.control_plane.kubeconfig_path(),
        };
        workspace.set_variable("kubeconfig", kubeconfig.to_string_lossy().as_ref())
    }

    /// A workspace without any resource.
    pub(super) fn bare_workspace(&self, name: &str) -> Result<Workspace> {
        let workspace = Workspace::new(&self.directory.path().join(name), &self.cli, &self.mirror)?;
        // As the administrator: what the state costs is counted for neither side.
        let backend = self.state.backend(name, &self.control_plane.kubeconfig_path());
        workspace.write("state.tf", &backend)?;
        Ok(workspace)
    }

    /// The traffic of `side` since somebody last asked for either's.
    pub(super) fn traffic(&mut self, side: Side) -> Result<Traffic> {
        Ok(self.audit.take()?.remove(identity(side)).unwrap_or_default())
    }

    /// An answer of the API server with success, or an error that shows it.
    pub(super) fn call(&self, method: &str, path: &str, body: Option<(&str, &Value)>) -> Result<Value> {
        call(&self.api, method, path, body)
    }
}

fn options(directory: &TempDir, audit_log: &std::path::Path) -> Result<Options> {
    let policy = directory.path().join("audit-policy.yaml");
    fs::write(&policy, AUDIT_POLICY).with_context(|| format!("failed to write {}", policy.display()))?;
    let mut options = Options::new("bench", directory.path().join("cluster"));
    options.audit_log = Some(audit_log.to_path_buf());
    options.api_server_flags = vec![
        // The last of several is the one that counts.
        format!("--audit-policy-file={}", policy.display()),
        // In megabytes: a log that is begun anew could not be read on.
        "--audit-log-maxsize=100000".to_owned(),
    ];
    Ok(options)
}

fn create_namespace(api: &Api, name: &str) -> Result<()> {
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
    call(
        api,
        "POST",
        "/api/v1/namespaces",
        Some(("application/json", &namespace)),
    )
    .map(drop)
}

fn call(api: &Api, method: &str, path: &str, body: Option<(&str, &Value)>) -> Result<Value> {
    match api.call(method, path, body)? {
        (200..=299, answer) => Ok(answer),
        (status, answer) => bail!("{method} {path} was answered with {status}: {answer}"),
    }
}
