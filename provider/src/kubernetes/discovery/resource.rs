//! How a kind is reached: its name and paths.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// How a kind is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResource {
    /// `v1` or `GROUP/VERSION`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// Its name in paths.
    pub plural: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// What can be done with it, such as `get` and `patch`.
    pub verbs: Vec<String>,
}

/// Characters that cannot stand in a path as they are.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'%');
/// Characters that cannot stand in one segment of a path.
const SEGMENT: &AsciiSet = &PATH.add(b'/');

impl ApiResource {
    /// The path of the objects of a namespace, or of all objects.
    #[must_use]
    pub fn collection_path(&self, namespace: Option<&str>) -> String {
        let root = root_path(&self.api_version);
        let plural = &self.plural;
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!(
                "{root}/namespaces/{}/{plural}",
                utf8_percent_encode(namespace, SEGMENT)
            ),
            None => format!("{root}/{plural}"),
        }
    }

    /// The path of an object.
    #[must_use]
    pub fn object_path(&self, namespace: Option<&str>, name: &str) -> String {
        format!(
            "{}/{}",
            self.collection_path(namespace),
            utf8_percent_encode(name, SEGMENT)
        )
    }
}

pub(super) fn root_path(api_version: &str) -> String {
    let root = if api_version.contains('/') {
        "/apis"
    } else {
        "/api"
    };
    format!("{root}/{}", utf8_percent_encode(api_version, PATH))
}
