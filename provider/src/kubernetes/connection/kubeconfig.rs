//! Kubeconfig files: read, merged as kubectl merges them, and one context chosen.
//!
//! They are read field by field and not into a struct, so that an error names the field and never quotes a value,
//! which may be a credential.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde_json::Value;

use super::{ConnectionConfig, ConnectionError, ExecPlugin, target::Target};
use crate::kubernetes::yaml;

/// The merged content of the files.
pub(super) struct Kubeconfig {
    files: Vec<PathBuf>,
    current_context: Option<String>,
    contexts: BTreeMap<String, Entry>,
    clusters: BTreeMap<String, Entry>,
    users: BTreeMap<String, Entry>,
}

/// A named entry and the file it is from, against which its paths are relative.
struct Entry {
    file: PathBuf,
    place: String,
    value: Value,
}

impl Kubeconfig {
    pub(super) fn load(config: &ConnectionConfig) -> Result<Self, ConnectionError> {
        let files = config
            .config_paths
            .iter()
            .map(|path| config.surroundings.expand(path))
            .collect();
        let mut merged = Self {
            files,
            current_context: None,
            contexts: BTreeMap::new(),
            clusters: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for file in merged.files.clone() {
            for value in read(&file)? {
                merged.merge(&file, value)?;
            }
        }
        Ok(merged)
    }

    /// Adds what no earlier file has said.
    fn merge(&mut self, file: &Path, mut value: Value) -> Result<(), ConnectionError> {
        let whole = Entry {
            file: file.to_owned(),
            place: String::new(),
            value: value.clone(),
        };
        if self.current_context.is_none() {
            self.current_context = whole.text("current-context")?;
        }
        let lists = [
            ("contexts", "context", &mut self.contexts),
            ("clusters", "cluster", &mut self.clusters),
            ("users", "user", &mut self.users),
        ];
        for (list, field, entries) in lists {
            let items = match value[list].take() {
                Value::Array(items) => items,
                Value::Null => continue,
                _ => return Err(whole.unexpected(list, "a list")),
            };
            for (index, mut item) in items.into_iter().enumerate() {
                let place = format!("{list}[{index}]");
                let Some(name) = scalar_text(&item["name"]) else {
                    return Err(whole.unexpected(&format!("{place}.name"), "a text"));
                };
                let place = format!("{place}.{field}");
                let entry = Entry {
                    file: file.to_owned(),
                    place,
                    value: item[field].take(),
                };
                entries.entry(name).or_insert(entry);
            }
        }
        Ok(())
    }

    /// What the chosen context says about cluster and user.
    pub(super) fn select(&self, config: &ConnectionConfig) -> Result<Target, ConnectionError> {
        let name = config.config_context.as_ref().or(self.current_context.as_ref());
        let overrides = (
            config.config_context_cluster.clone(),
            config.config_context_user.clone(),
        );
        // A cluster and a user that are named need no context.
        let (cluster, user) = match (name.filter(|name| !name.is_empty()), overrides) {
            (None, (Some(cluster), user)) => (cluster, user),
            (None, _) => {
                let available = names(&self.contexts);
                return Err(ConnectionError::NoContext {
                    files: self.shown_files(),
                    available,
                });
            }
            (Some(name), (cluster, user)) => {
                let context = self.find("context", &self.contexts, name)?;
                let missing = || self.incomplete("context", name, "cluster");
                let cluster = cluster.map_or_else(|| context.text("cluster")?.ok_or_else(missing), Ok)?;
                (
                    cluster,
                    user.map_or_else(|| context.text("user"), |user| Ok(Some(user)))?,
                )
            }
        };
        let mut target = Target::default();
        self.add_cluster(&mut target, &cluster)?;
        if let Some(user) = user {
            self.add_user(&mut target, &user)?;
        }
        Ok(target)
    }

    fn add_cluster(&self, target: &mut Target, name: &str) -> Result<(), ConnectionError> {
        let cluster = self.find("cluster", &self.clusters, name)?;
        target.server = cluster
            .text("server")?
            .ok_or_else(|| self.incomplete("cluster", name, "server"))?;
        target.ca = cluster.pem("certificate-authority", "the certificate authority")?;
        target.insecure = cluster.flag("insecure-skip-tls-verify")?;
        target.tls_server_name = cluster.text("tls-server-name")?;
        target.proxy_url = cluster.text("proxy-url")?;
        target.cluster_info = cluster.info(target)?;
        Ok(())
    }

    fn add_user(&self, target: &mut Target, name: &str) -> Result<(), ConnectionError> {
        let user = self.find("user", &self.users, name)?;
        let provider = user.child("auth-provider");
        if !provider.value.is_null() {
            let provider = provider.text("name")?.unwrap_or_default();
            return Err(ConnectionError::AuthProvider {
                user: name.to_owned(),
                files: self.shown_files(),
                provider,
            });
        }
        let credentials = &mut target.credentials;
        credentials.token = user.text("token")?.map(SecretString::from);
        credentials.token_file = user.text("tokenFile")?.map(|path| user.beside(&path));
        credentials.certificate = user.pem("client-certificate", "the client certificate")?;
        credentials.key = user
            .pem("client-key", "the key of the client certificate")?
            .map(SecretString::from);
        credentials.username = user.text("username")?;
        credentials.password = user.text("password")?.map(SecretString::from);
        credentials.impersonate = user.text("as")?;
        credentials.impersonate_uid = user.text("as-uid")?;
        credentials.impersonate_groups = user.texts("as-groups")?;
        credentials.exec = user.exec(target.cluster_info.as_ref())?;
        Ok(())
    }

    fn find<'entries>(
        &self,
        what: &'static str,
        entries: &'entries BTreeMap<String, Entry>,
        name: &str,
    ) -> Result<&'entries Entry, ConnectionError> {
        entries.get(name).ok_or_else(|| ConnectionError::Unknown {
            what,
            name: name.to_owned(),
            files: self.shown_files(),
            available: names(entries),
        })
    }

    fn incomplete(&self, what: &str, name: &str, field: &'static str) -> ConnectionError {
        ConnectionError::Incomplete {
            what: format!("the {what} `{name}`"),
            files: self.shown_files(),
            field,
        }
    }

    fn shown_files(&self) -> String {
        self.files
            .iter()
            .map(|file| file.display().to_string())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn names(entries: &BTreeMap<String, Entry>) -> String {
    if entries.is_empty() {
        return "none".to_owned();
    }
    entries
        .keys()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn read(file: &Path) -> Result<Vec<Value>, ConnectionError> {
    let text = std::fs::read_to_string(file).map_err(|problem| ConnectionError::File {
        what: "the kubeconfig",
        path: file.to_owned(),
        problem: problem.to_string(),
    })?;
    let documents =
        yaml::parse_documents("kubeconfig", &text).map_err(|error| ConnectionError::KubeconfigSyntax {
            path: file.to_owned(),
            line: error.line(),
            column: error.column(),
            problem: error.problem().to_string(),
        })?;
    Ok(documents.into_iter().map(|document| document.value).collect())
}

impl Entry {
    fn unexpected(&self, field: &str, expected: &'static str) -> ConnectionError {
        let field = if self.place.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.place)
        };
        ConnectionError::KubeconfigField {
            path: self.file.clone(),
            field,
            expected,
        }
    }

    fn child(&self, field: &str) -> Self {
        let value = self.value.get(field).cloned().unwrap_or_default();
        Self {
            file: self.file.clone(),
            place: format!("{}.{field}", self.place),
            value,
        }
    }

    /// The text at `field`; an empty one says as much as none, and a number without quotes is text too.
    fn text(&self, field: &str) -> Result<Option<String>, ConnectionError> {
        match self.value.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match scalar_text(value) {
                Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
                None => Err(self.unexpected(field, "a text")),
            },
        }
    }

    fn flag(&self, field: &str) -> Result<bool, ConnectionError> {
        match self.value.get(field) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.unexpected(field, "true or false")),
        }
    }

    fn texts(&self, field: &str) -> Result<Vec<String>, ConnectionError> {
        let unexpected = || self.unexpected(field, "a list of texts");
        match self.value.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| scalar_text(item).ok_or_else(unexpected))
                .collect(),
            Some(_) => Err(unexpected()),
        }
    }

    /// A path is relative to the file that it stands in.
    fn beside(&self, path: &str) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("")).join(path)
    }

    /// PEM text: base64 in the field with `-data`, else the file that the field names.
    fn pem(&self, field: &str, what: &'static str) -> Result<Option<String>, ConnectionError> {
        let data_field = format!("{field}-data");
        if let Some(data) = self.text(&data_field)? {
            let text = super::pem::decode_base64(&data)
                .ok_or_else(|| self.unexpected(&data_field, "base64 of PEM"))?;
            return Ok(Some(text));
        }
        let Some(path) = self.text(field)?.map(|path| self.beside(&path)) else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(&path);
        let failed = |problem: std::io::Error| ConnectionError::File {
            what,
            path,
            problem: problem.to_string(),
        };
        text.map(Some).map_err(failed)
    }

    fn exec(&self, cluster_info: Option<&Value>) -> Result<Option<ExecPlugin>, ConnectionError> {
        let exec = self.child("exec");
        if exec.value.is_null() {
            return Ok(None);
        }
        let command = exec
            .text("command")?
            .ok_or_else(|| exec.unexpected("command", "the name of a program"))?;
        // A command with a separator is a path, relative to the file; any other is looked up by the system.
        let is_path = command.contains(std::path::MAIN_SEPARATOR);
        let command = if is_path {
            exec.beside(&command).display().to_string()
        } else {
            command
        };
        let mut env = BTreeMap::new();
        for item in exec.value["env"].as_array().into_iter().flatten() {
            if let (Some(name), Some(value)) = (scalar_text(&item["name"]), scalar_text(&item["value"])) {
                env.insert(name, SecretString::from(value));
            }
        }
        Ok(Some(ExecPlugin {
            api_version: exec.text("apiVersion")?.unwrap_or_default(),
            command,
            args: exec.texts("args")?,
            env,
            install_hint: exec.text("installHint")?,
            cluster: cluster_info
                .filter(|_| exec.value["provideClusterInfo"] == true)
                .cloned(),
        }))
    }

    /// What a credential plugin may be told about the cluster.
    fn info(&self, target: &Target) -> Result<Option<Value>, ConnectionError> {
        let mut info = serde_json::json!({ "server": target.server });
        for field in ["tls-server-name", "proxy-url"] {
            if let Some(text) = self.text(field)? {
                info[field] = Value::from(text);
            }
        }
        if target.insecure {
            info["insecure-skip-tls-verify"] = Value::from(true);
        }
        if let Some(ca) = &target.ca {
            info["certificate-authority-data"] = Value::from(super::pem::encode_base64(ca));
        }
        let extensions = self.value["extensions"].as_array().into_iter().flatten();
        let ours = extensions.filter(|extension| extension["name"] == "client.authentication.k8s.io/exec");
        for extension in ours {
            info["config"] = extension["extension"].clone();
        }
        Ok(Some(info))
    }
}
