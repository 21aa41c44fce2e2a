//! One random case: a configuration, another one that it is changed to, and what of each is not known while planning.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::Value as Json;

use super::places;
use super::strategy::Configurations;
use crate::schema::Block;
use crate::testing::Result;
use crate::value::Value;

/// How many places are unknown at most.
const MOST_UNKNOWN: usize = 3;

/// One random case.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// What is created.
    pub(super) first: Variant,
    /// What it is changed to.
    pub(super) second: Variant,
}

/// A configuration, and what of it is not known while planning.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) config: Value,
    pub(super) unknown: Vec<String>,
}

/// What cases are drawn from.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) block: &'a Block,
    pub(super) own: &'a BTreeMap<String, BoxedStrategy<Json>>,
    /// Paths that are always known.
    pub(super) known: &'a [String],
}

impl Source<'_> {
    pub(super) fn cases(&self) -> BoxedStrategy<Result<Case>> {
        let configurations = Configurations {
            block: self.block,
            own: self.own,
        };
        let configuration = configurations.strategy();
        // Another configuration altogether would mostly be another resource: members are changed one by one.
        let changed = self.members();
        let changed = subsequence(changed.clone(), 0..=changed.len());
        (
            configuration.clone(),
            configuration,
            changed,
            self.unknown(),
            self.unknown(),
        )
            .prop_map(|(first, other, changed, unknown_first, unknown_second)| {
                let (first, other) = (first?, other?);
                let mut config = first.clone();
                if let Value::Mapping(members) = &mut config {
                    members.extend(changed.into_iter().map(|name| {
                        let value = other.attribute(&name).clone();
                        (name, value)
                    }));
                }
                let variant = |config, unknown| Variant { config, unknown };
                Ok(Case {
                    first: variant(first, unknown_first),
                    second: variant(config, unknown_second),
                })
            })
            .boxed()
    }

    fn members(&self) -> Vec<String> {
        let settable = self
            .block
            .attributes
            .iter()
            .filter(|one| one.usage.is_configurable());
        let attributes = settable.map(|attribute| attribute.name.clone());
        attributes
            .chain(self.block.blocks.iter().map(|nested| nested.name.clone()))
            .collect()
    }

    fn unknown(&self) -> BoxedStrategy<Vec<String>> {
        let is_known = |place: &String| {
            self.known.iter().any(|known| {
                let rest = place.strip_prefix(known.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        };
        let mut places = places::settable(self.block);
        places.retain(|place| !is_known(place));
        let most = places.len().min(MOST_UNKNOWN);
        prop_oneof![1 => Just(Vec::new()), 1 => subsequence(places, 0..=most)].boxed()
    }
}

impl Case {
    /// What this one changes to, created straight away; `None` if that is this case already.
    pub(super) fn straight(&self) -> Option<Self> {
        let second = || self.second.clone();
        let changes = self.first.config != self.second.config || self.first.unknown != self.second.unknown;
        changes.then(|| Self {
            first: second(),
            second: second(),
        })
    }
}

impl Variant {
    /// The configuration as it is while planning.
    pub(super) fn while_planning(&self, block: &Block) -> Value {
        let mut config = self.config.clone();
        for path in &self.unknown {
            places::put(block.content(), &mut config, path, &Value::UNKNOWN);
        }
        config
    }
}
