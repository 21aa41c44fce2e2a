//! A control plane from its start to its end.

use std::fs;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::addons::{self, Site};
use super::api::Api;
use super::certificates::{self, Authority, Identity, create_service_account_key};
use super::component::Component;
use super::components::{self, AUDIT_POLICY, Addresses, Programs, SERVER_NAMES};
use super::layout::{Layout, write_private};
use super::node::{self, Node};
use super::options::{Options, Shape};
use super::os_process::{self, OsProcess};
use super::record::Record;
use super::status::Status;
use super::{kubeconfig, ports};
use crate::{interrupt, report};

const POLL: Duration = Duration::from_millis(50);
/// Ten times what it takes on two busy cores.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a start is tried that fails because another program took the port in between.
const ATTEMPTS: usize = 3;

/// A control plane on this machine. One that [`ControlPlane::start`] returned is stopped when it is dropped, also by a
/// panic, unless it is [detached](ControlPlane::detach).
#[derive(Debug)]
pub struct ControlPlane {
    layout: Layout,
    record: Record,
    stop_on_drop: bool,
}

impl ControlPlane {
    /// Builds the programs if need be, starts them, and returns when the API server is ready and the default service
    /// account is there. A failed start leaves no process and no file.
    pub fn start(options: &Options) -> Result<Self> {
        let programs = Programs::install(options.shape)?;
        let mut attempt = 1;
        loop {
            let mut cluster = Self::prepare(options, &programs)?;
            let Err(error) = cluster.bring_up() else {
                return Ok(cluster);
            };
            let taken = format!("{error:#}").contains("address already in use");
            if attempt == ATTEMPTS || !taken {
                return Err(error).with_context(|| format!("failed to start the cluster {}", options.name));
            }
            attempt += 1;
        }
    }

    /// The cluster in `directory`, if there is one, in whatever state it is.
    pub fn open(directory: &Path) -> Result<Option<Self>> {
        let layout = Layout::new(directory)?;
        let record = Record::read(&layout)?;
        Ok(record.map(|record| Self {
            layout,
            record,
            stop_on_drop: false,
        }))
    }

    /// Lets the cluster outlive this value and this program.
    pub fn detach(mut self) {
        self.stop_on_drop = false;
    }

    /// Starts what has ended, with the same command lines, ports and data, and returns the names.
    pub fn repair(&mut self) -> Result<Vec<String>> {
        self.check_network()?;
        let mut ended = Vec::new();
        for component in self
            .record
            .components
            .iter_mut()
            .filter(|component| !component.is_alive())
        {
            // An end that is known is no reason to give up while others are waited for.
            component.process = None;
            ended.push(component.name.clone());
        }
        if !ended.is_empty() {
            self.bring_up()
                .with_context(|| format!("failed to bring back {}", ended.join(", ")))?;
        }
        Ok(ended)
    }

    /// Ends every process of the cluster, and removes its folder.
    pub fn stop(mut self) -> Result<()> {
        self.stop_on_drop = false;
        self.check_network()?;
        self.take_down()
    }

    /// The cluster's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// Whether it has a node.
    #[must_use]
    pub fn shape(&self) -> Shape {
        match self.record.node {
            Some(_) => Shape::WithNode,
            None => Shape::ControlPlaneOnly,
        }
    }

    /// The cluster's folder.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.layout.root()
    }

    /// `https://127.0.0.1:PORT`, or the machine's address in a cluster with a node.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.record.server
    }

    /// The version of Kubernetes, `v1.35.4`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.record.version
    }

    /// The administrator's kubeconfig.
    #[must_use]
    pub fn kubeconfig_path(&self) -> PathBuf {
        self.layout.kubeconfig()
    }

    /// Where the API server writes its audit log, if it does.
    #[must_use]
    pub fn audit_log(&self) -> Option<&Path> {
        self.record.audit_log.as_deref()
    }

    /// How it is.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::of(self)
    }

    /// A client with all rights.
    pub fn api(&self) -> Result<Api> {
        Api::new(
            &self.record.server,
            &Authority::open(&self.layout, certificates::CLUSTER)?,
        )
    }

    /// A client of etcd's JSON gateway. What it writes passes neither validation nor admission.
    pub fn etcd(&self) -> Result<Api> {
        let server = self
            .component("etcd")
            .and_then(|etcd| etcd.value("listen-client-urls"))
            .context("the cluster's record does not say where etcd listens")?;
        Api::new(server, &Authority::open(&self.layout, certificates::ETCD)?)
    }

    /// A new kubeconfig for `user`, a member of `group`, with only the rights that RBAC gives to them.
    pub fn issue_client(&self, user: &str, group: Option<&str>) -> Result<PathBuf> {
        self.issue(&Identity::client(user, group))
    }

    /// A new kubeconfig for `user` whose certificate expired long ago.
    pub fn issue_expired_client(&self, user: &str) -> Result<PathBuf> {
        self.issue(&Identity {
            expired: true,
            ..Identity::client(user, None)
        })
    }

    pub(super) fn node(&self) -> Option<&Node> {
        self.record.node.as_ref()
    }

    pub(super) fn components(&self) -> &[Component] {
        &self.record.components
    }

    fn issue(&self, identity: &Identity<'_>) -> Result<PathBuf> {
        let authority = Authority::open(&self.layout, certificates::CLUSTER)?;
        let plain = |character: char| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        };
        let prefix: String = identity.user.chars().map(plain).chain(['-']).collect();
        // Two tests may ask for the same user in different groups.
        let file = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(".kubeconfig")
            .tempfile_in(self.layout.clients());
        let (_, path) = file
            .context("failed to create a file for a client")?
            .keep()
            .context("failed to keep a file")?;
        self.write_kubeconfig(&path, &authority, identity)?;
        Ok(path)
    }

    fn write_kubeconfig(&self, path: &Path, authority: &Authority, identity: &Identity<'_>) -> Result<()> {
        let signed = authority.sign(identity)?;
        let Record { name, server, .. } = &self.record;
        write_private(
            path,
            &kubeconfig::render(name, server, &authority.certificate, identity.user, &signed),
        )
    }

    /// Everything on disk, and nothing started yet.
    fn prepare(options: &Options, programs: &Programs) -> Result<Self> {
        let layout = Layout::new(&options.directory)?;
        layout.create()?;
        let [server, etcd, etcd_peers] = ports::free()?;
        let node = match options.shape {
            Shape::WithNode => Some(Node::new(&options.name, &layout)),
            Shape::ControlPlaneOnly => None,
        };
        let addresses = Addresses {
            server: match node {
                Some(_) => SocketAddrV4::new(node::ADDRESS, node::SERVER_PORT),
                None => SocketAddrV4::new(Ipv4Addr::LOCALHOST, server),
            },
            etcd,
            etcd_peers,
        };
        let record = Record {
            name: options.name.clone(),
            server: format!("https://{}", addresses.server),
            version: programs.kubernetes.version.clone(),
            audit_log: options.audit_log.clone(),
            components: components::all(&layout, options, addresses, programs, node.as_ref()),
            node,
        };
        // From here on an error drops the value, and with it everything that was made.
        let cluster = Self {
            layout,
            record,
            stop_on_drop: true,
        };
        // First of all: whoever finds the folder can take away what has been made so far.
        cluster.record.write(&cluster.layout)?;
        cluster.write_certificates()?;
        write_private(&cluster.layout.audit_policy(), AUDIT_POLICY)?;
        Ok(cluster)
    }

    fn write_certificates(&self) -> Result<()> {
        let layout = &self.layout;
        create_service_account_key(layout)?;
        let etcd = Authority::create(layout, certificates::ETCD)?;
        etcd.sign_to_files(layout, "etcd", &Identity::server("etcd", &["127.0.0.1"]))?;
        etcd.sign_to_files(layout, "etcd-client", &Identity::client("kube-apiserver", None))?;
        let authority = Authority::create(layout, certificates::CLUSTER)?;
        let server = Identity::server("kube-apiserver", &SERVER_NAMES);
        authority.sign_to_files(layout, "kube-apiserver", &server)?;
        let administrator = Identity::client("admin", Some("system:masters"));
        self.write_kubeconfig(&layout.kubeconfig(), &authority, &administrator)?;
        for component in ["kube-controller-manager", "kube-scheduler"] {
            // The users that the built-in RBAC rules are bound to.
            let user = format!("system:{component}");
            self.write_component(component, &authority, &Identity::client(&user, None))?;
        }
        match &self.record.node {
            Some(node) => self.write_node(node, &authority),
            None => Ok(()),
        }
    }

    fn write_node(&self, node: &Node, authority: &Authority) -> Result<()> {
        node.write_files(&self.layout, authority)?;
        addons::prepare(self.site(), authority)?;
        for (component, user, group) in node.clients() {
            self.write_component(component, authority, &Identity::client(&user, group))?;
        }
        addons::CLIENTS.iter().try_for_each(|(component, user)| {
            self.write_component(component, authority, &Identity::client(user, None))
        })
    }

    fn write_component(&self, component: &str, authority: &Authority, identity: &Identity<'_>) -> Result<()> {
        self.write_kubeconfig(&self.layout.component_kubeconfig(component), authority, identity)
    }

    fn site(&self) -> Site<'_> {
        Site {
            layout: &self.layout,
            address: node::ADDRESS,
        }
    }

    /// Starts, in order, each component that does not run, and waits until it is ready; then until the node is.
    fn bring_up(&mut self) -> Result<()> {
        let api = self.api()?;
        if let Some(node) = &self.record.node {
            node.set_up()?;
        }
        for index in 0..self.record.components.len() {
            if !self.record.components[index].is_alive() {
                let started = self.record.components[index].start(self.layout.root());
                // Recorded before anything is waited for: whoever finds the folder can end the process.
                self.record.write(&self.layout)?;
                started?;
            }
            let component = &self.record.components[index];
            self.wait_until_ready(component, || component.readiness.check(&api))?;
            if let Some(node) = &self.record.node {
                self.follow_up(node, &component.name, &api)?;
            }
        }
        if let (Some(node), Some(kubelet)) = (&self.record.node, self.component("kubelet")) {
            self.wait_until_ready(kubelet, || node.check_ready(&api))?;
        }
        self.check_alive()
    }

    /// What has to be done as soon as a component of a cluster with a node is ready. A second time it changes nothing.
    fn follow_up(&self, node: &Node, component: &str, api: &Api) -> Result<()> {
        match component {
            "containerd" => node.import_images(),
            "kube-apiserver" => {
                let authority = Authority::open(&self.layout, certificates::CLUSTER)?;
                addons::apply(api, &addons::objects(self.site(), &authority))
            }
            _ => Ok(()),
        }
    }

    fn component(&self, name: &str) -> Option<&Component> {
        self.record
            .components
            .iter()
            .find(|component| component.name == name)
    }

    fn wait_until_ready(&self, component: &Component, check: impl Fn() -> Result<()>) -> Result<()> {
        let started = Instant::now();
        loop {
            let Err(error) = check() else {
                return Ok(());
            };
            interrupt::check()?;
            self.check_alive()?;
            if started.elapsed() > PATIENCE {
                let waited = PATIENCE.as_secs();
                return Err(error).with_context(|| {
                    let (name, log) = (&component.name, component.log_tail());
                    format!("{name} was not ready after {waited} s; its last lines:\n{log}")
                });
            }
            thread::sleep(POLL);
        }
    }

    /// An error with the last words of a component that was started and has ended.
    fn check_alive(&self) -> Result<()> {
        let started = self
            .record
            .components
            .iter()
            .filter(|component| component.process.is_some());
        match started.into_iter().find(|component| !component.is_alive()) {
            Some(ended) => bail!("{}", ended.last_words()),
            None => Ok(()),
        }
    }

    /// The node's device and firewall are those of the network namespace that it was started in.
    fn check_network(&self) -> Result<()> {
        let own = fs::read_link("/proc/self/ns/net").context("failed to ask for the network namespace")?;
        let mut alive = self
            .record
            .components
            .iter()
            .filter_map(|component| component.process);
        let elsewhere =
            alive.find(|process| process.is_alive() && process.network().is_some_and(|other| other != own));
        match elsewhere {
            Some(process) if self.record.node.is_some() => bail!(
                "cluster {name} was started in another network namespace: run the command with \
                 `nsenter --net=/proc/{id}/ns/net` before it",
                name = self.record.name,
                id = process.id
            ),
            _ => Ok(()),
        }
    }

    fn take_down(&self) -> Result<()> {
        let components = &self.record.components;
        let mut processes: Vec<OsProcess> = components
            .iter()
            .rev()
            .filter_map(|component| component.process)
            .collect();
        let programs: Vec<&Path> = components
            .iter()
            .map(|component| component.program.as_path())
            .collect();
        processes.extend(os_process::running_in(self.layout.root(), &programs));
        let of = || format!("cluster {}", self.record.name);
        os_process::end(&processes).with_context(of)?;
        if let Some(node) = &self.record.node {
            node.remove().with_context(of)?;
        }
        self.layout.remove()
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        if self.stop_on_drop
            && let Err(error) = self.take_down()
        {
            report::warn(format!("{error:#}"));
        }
    }
}
