//! Schemas as they are announced, each made for that alone, and what is wrong with them: Terraform would refuse them with less
//! to go by, or crash.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::offer::Described;
use crate::schema::{Block, Schema};
use crate::wire::proto;

/// What is announced so far.
#[derive(Default)]
pub(super) struct Announcement {
    pub(super) problems: Vec<Diagnostic>,
}

impl Announcement {
    /// Announces a schema that is kept anyway. `check` finds what is wrong with it, in sentences.
    pub(super) fn made(
        &mut self,
        name: &str,
        schema: &Schema,
        check: fn(&Block) -> Vec<String>,
    ) -> proto::Schema {
        let found = check(&schema.block);
        self.problems
            .extend(found.iter().map(|sentence| broken(name, sentence)));
        schema.into()
    }

    /// Announces the schemas of everything of one kind.
    pub(super) fn all<E>(
        &mut self,
        entries: &BTreeMap<String, E>,
        schema: impl Fn(&E) -> &Described,
        check: fn(&Block) -> Vec<String>,
    ) -> BTreeMap<String, proto::Schema> {
        entries
            .iter()
            .map(|(name, entry)| (name.clone(), self.made(name, &schema(entry).announced(), check)))
            .collect()
    }
}

/// That a schema is not one which Terraform takes, and why.
pub(super) fn broken(name: &str, sentence: &str) -> Diagnostic {
    Diagnostic::bug(format!("The schema of {name} is broken: {sentence}."))
}
