//! A configuration with which a resource does not do what all resources must, as a failed test prints it.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::testing::{Error, value_to_json};
use crate::value::Value;

/// Where in a resource's life something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// The author's own preparation of a case.
    Preparation,
    /// The validation of the configuration.
    Validation,
    /// The plan of the creation.
    CreationPlan,
    /// The creation.
    Creation,
    /// The plan of the change to another configuration.
    ChangePlan,
    /// The change to another configuration.
    Change,
    /// Reading after a creation or change, which must find what was stored.
    Refresh,
    /// The plan after a creation or change, which must be empty.
    SecondPlan,
    /// The import by id, which must find what is stored.
    Import,
    /// The import by identity, which must find what is stored.
    ImportByIdentity,
    /// The destruction.
    Destruction,
    /// Reading after the destruction, which must find nothing.
    Absence,
    /// The author's own inspection after a case.
    Inspection,
}

impl Stage {
    /// The same stage of a creation.
    pub(super) fn in_creation(self) -> Self {
        match self {
            Self::ChangePlan => Self::CreationPlan,
            Self::Change => Self::Creation,
            other => other,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preparation => "the test's own preparation",
            Self::Validation => "the validation",
            Self::CreationPlan => "the plan of the creation",
            Self::Creation => "the creation",
            Self::ChangePlan => "the plan of the change",
            Self::Change => "the change",
            Self::Refresh => "the refresh",
            Self::SecondPlan => "the second plan",
            Self::Import => "the import by id",
            Self::ImportByIdentity => "the import by identity",
            Self::Destruction => "the destruction",
            Self::Absence => "the refresh after the destruction",
            Self::Inspection => "the test's own inspection",
        })
    }
}

/// The smallest configuration that was found with which something goes wrong.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The type of the resource.
    pub type_name: String,
    /// Where it goes wrong.
    pub stage: Stage,
    /// What is wrong.
    pub error: Error,
    /// The configuration that is created, without what is null.
    pub config: Json,
    /// What of it is not known while planning.
    pub unknown: Vec<String>,
    /// The configuration that it is changed to, if it goes wrong then.
    pub changed_to: Option<Json>,
    /// What of that is not known while planning.
    pub unknown_then: Vec<String>,
    /// What makes the same case again.
    pub seed: u64,
    /// How many smaller cases were tried.
    pub tries: u32,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { type_name, stage, .. } = self;
        writeln!(f, "{type_name}: {stage} goes wrong with a random configuration")?;
        show(f, "configuration", &self.config, &self.unknown)?;
        if let Some(config) = &self.changed_to {
            show(f, "changed to", config, &self.unknown_then)?;
        }
        let error = self.error.to_string().replace('\n', "\n  ");
        writeln!(f, "  {error}")?;
        let Self { seed, tries, .. } = self;
        write!(
            f,
            "  made small in {tries} tries; the same case again: PROPTEST_RNG_SEED={seed} PROPTEST_CASES=1, and for good: \
             .seeds([{seed}])"
        )
    }
}

fn show(f: &mut fmt::Formatter<'_>, title: &str, config: &Json, unknown: &[String]) -> fmt::Result {
    writeln!(f, "  {title}: {config}")?;
    if unknown.is_empty() {
        return Ok(());
    }
    writeln!(f, "    not known while planning: {}", unknown.join(", "))
}

/// A configuration as a person would write it: without what is null, and without blocks that are not there.
pub(super) fn written(config: &Value) -> Json {
    let Json::Object(members) = value_to_json(config) else {
        return Json::Null;
    };
    let written = members
        .into_iter()
        .map(|(name, value)| (name, without_nulls(value)));
    written
        .filter(|(_, value)| !value.is_null())
        .collect::<Map<_, _>>()
        .into()
}

fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, without_nulls(value)))
            .filter(|(_, value)| !value.is_null())
            .collect::<Map<_, _>>()
            .into(),
        Json::Array(elements) => elements.into_iter().map(without_nulls_within).collect(),
        other => other,
    }
}

/// An element that is null is one.
fn without_nulls_within(json: Json) -> Json {
    if json.is_null() { json } else { without_nulls(json) }
}
