//! Rule 9: the paths that a plan names as reasons to replace exist. And which of them core follows.

use super::lookup::{attribute_at, lookup};
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::{Block, Usage};
use crate::value::Value;

/// What is wrong with the paths that a plan names as reasons to replace: each must lead to a part of the prior state or
/// of the plan. On creation they mean nothing.
#[must_use]
pub fn replacement_paths(block: &Block, prior: &Value, planned: &Value, paths: &[Path]) -> Vec<Violation> {
    if prior.is_null() {
        return Vec::new();
    }
    let ty = block.ty();
    let leads_nowhere =
        |path: &&Path| lookup(prior, &ty, path).is_none() && lookup(planned, &ty, path).is_none();
    let message = "it is named as a reason to replace, and there is nothing at this path";
    paths
        .iter()
        .filter(leads_nowhere)
        .map(|path| Violation::new(path, Rule::ReplacementPath, message))
        .collect()
}

/// The paths for which core replaces: those where the plan differs, or may differ, from the prior state, and those of
/// write-only attributes, of which neither holds a value.
#[must_use]
pub fn replaced(block: &Block, prior: &Value, planned: &Value, paths: &[Path]) -> Vec<Path> {
    if prior.is_null() {
        return Vec::new();
    }
    let ty = block.ty();
    let differs = |path: &&Path| match (lookup(prior, &ty, path), lookup(planned, &ty, path)) {
        (Some((prior, part)), Some((planned, _))) => {
            !(planned.is_wholly_known() && planned.equals(prior, part))
        }
        (Some((part, _)), None) | (None, Some((part, _))) => !part.is_null(),
        (None, None) => false,
    };
    let is_write_only =
        |path: &Path| attribute_at(block, path).is_some_and(|attribute| attribute.usage == Usage::WriteOnly);
    paths
        .iter()
        .filter(|path| differs(path) || is_write_only(path))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{replaced, replacement_paths};
    use crate::path::{Path, Step};
    use crate::rules::Rule;
    use crate::rules::sample::{block, list, object, resource};
    use crate::value::Value;

    #[test]
    fn rule_9_a_path_leads_into_the_prior_state_or_the_plan() {
        let prior = resource([("rule", list([object([("most", 1.into())])]))]);
        let planned = resource([]);
        let element = Path::attribute("rule").join(Step::Index(0)).child("most");
        let paths = ["name".into(), element];
        assert_eq!(replacement_paths(&block(), &prior, &planned, &paths), []);
        let beyond = Path::attribute("rule").join(Step::Index(1));
        for path in ["absent".into(), beyond] {
            let found = replacement_paths(&block(), &prior, &planned, std::slice::from_ref(&path));
            assert_eq!(
                (found.len(), found[0].rule, &found[0].path),
                (1, Rule::ReplacementPath, &path)
            );
            assert_eq!(replacement_paths(&block(), &Value::Null, &planned, &[path]), []);
        }
    }

    #[test]
    fn only_differences_replace() {
        let prior = resource([("note", "a".into()), ("id", "1".into())]);
        let planned = resource([("note", "a".into()), ("id", Value::UNKNOWN), ("size", 1.into())]);
        let paths = ["name", "note", "id", "size", "password"].map(Path::from);
        let followed = ["id", "size", "password"].map(Path::from);
        assert_eq!(replaced(&block(), &prior, &planned, &paths), followed);
        assert_eq!(replaced(&block(), &Value::Null, &planned, &paths), []);
    }
}
