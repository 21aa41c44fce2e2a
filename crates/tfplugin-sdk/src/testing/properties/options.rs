//! What a test says about a resource beyond its schema.

use std::collections::BTreeMap;
use std::fmt;

use futures::future::BoxFuture;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value as Json, json};

use crate::testing::Result;

/// Makes the id of a resource out of its state.
pub(super) type MakeId = Box<dyn Fn(&Json) -> Option<String>>;

/// Something to do before or after a case, with what is configured.
pub(super) type Hook = Box<dyn Fn(Json) -> BoxFuture<'static, Result<()>>>;

/// What a test says about a resource.
pub(super) struct Options {
    pub(super) provider: Json,
    pub(super) cases: u32,
    pub(super) seeds: Vec<u64>,
    pub(super) own: BTreeMap<String, BoxedStrategy<Json>>,
    pub(super) known: Vec<String>,
    /// What changes by itself.
    pub(super) changing: Vec<String>,
    pub(super) not_imported: Vec<String>,
    /// How it is imported by id, if it is.
    pub(super) by_id: Option<ById>,
    pub(super) by_identity: bool,
    /// Whether nothing exists outside the state.
    pub(super) only_in_state: bool,
    pub(super) before: Option<Hook>,
    pub(super) after: Option<Hook>,
}

/// Where the id of an import comes from.
pub(super) enum ById {
    /// The attribute `id`, as is the custom.
    Attribute,
    Made(MakeId),
}

impl Options {
    pub(super) fn new() -> Self {
        Self {
            provider: json!({}),
            cases: 32,
            seeds: Vec::new(),
            own: BTreeMap::new(),
            known: Vec::new(),
            changing: Vec::new(),
            not_imported: Vec::new(),
            by_id: None,
            by_identity: false,
            only_in_state: false,
            before: None,
            after: None,
        }
    }

    pub(super) async fn before(&self, config: &Json) -> Result<()> {
        call(self.before.as_ref(), config).await
    }

    pub(super) async fn after(&self, config: &Json) -> Result<()> {
        call(self.after.as_ref(), config).await
    }

    /// Every path that a test names.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        let lists = [&self.known, &self.changing, &self.not_imported];
        self.own.keys().chain(lists.into_iter().flatten())
    }
}

async fn call(hook: Option<&Hook>, config: &Json) -> Result<()> {
    match hook {
        Some(hook) => hook(config.clone()).await,
        None => Ok(()),
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("provider", &self.provider)
            .field("cases", &self.cases)
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}
