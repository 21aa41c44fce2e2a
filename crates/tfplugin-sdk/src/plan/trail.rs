//! The way to where a walk is: a path that costs nothing until it is asked for.

use crate::path::{Path, Step};

/// The way from the root, as the steps of the calls that lead there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail<'a> {
    before: Option<&'a Trail<'a>>,
    step: Option<Mark<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Mark<'a> {
    Attribute(&'a str),
    Key(&'a str),
    Index(usize),
}

impl Trail<'_> {
    /// Where every walk begins.
    pub(super) const ROOT: Trail<'static> = Trail {
        before: None,
        step: None,
    };

    /// The path to here.
    pub(super) fn path(&self) -> Path {
        let path = self.before.map_or_else(Path::default, Trail::path);
        path.join_all(self.step.map(|step| match step {
            Mark::Attribute(name) => Step::Attribute(name.to_owned()),
            Mark::Key(key) => Step::Key(key.to_owned()),
            Mark::Index(index) => Step::Index(i64::try_from(index).unwrap_or(i64::MAX)),
        }))
    }
}

impl<'a> Trail<'a> {
    /// On to an attribute or block.
    pub(super) fn attribute(&'a self, name: &'a str) -> Self {
        self.further(Mark::Attribute(name))
    }

    /// On to an element of a map.
    pub(super) fn key(&'a self, key: &'a str) -> Self {
        self.further(Mark::Key(key))
    }

    /// On to an element of a list.
    pub(super) fn index(&'a self, index: usize) -> Self {
        self.further(Mark::Index(index))
    }

    fn further(&'a self, step: Mark<'a>) -> Self {
        Self {
            before: Some(self),
            step: Some(step),
        }
    }
}
