//! The spelling that users and state have is kept where it means the same as what a provider answers.
//!
//! A provider reads sizes, JSON or durations back from somewhere that writes them in its own way. That is no change, and
//! shown as one it would never go away. So wherever an attribute's type has a [`Meaning`]:
//!
//! - a plan keeps the prior spelling if what is configured or planned means the same, which core allows;
//! - the result of an apply is spelled as it was planned, which core demands;
//! - what is read is spelled as it was stored, or in data sources and ephemeral resources as it is configured.

use crate::plan::{Place, Sides, Way, walk};
use crate::schema::{Block, Content, Meaning, Measure, pair};
use crate::value::{Type, Value};

/// The spelling that was there before a call.
#[derive(Debug)]
pub(crate) struct Spelling<'a> {
    block: &'a Block,
    /// Nothing where nothing can be spelled in two ways.
    before: Option<Value>,
}

impl<'a> Spelling<'a> {
    /// That of `before`.
    pub(crate) fn of(block: &'a Block, before: &Value) -> Self {
        Self {
            block,
            before: matters(block.content()).then(|| before.clone()),
        }
    }

    /// Keeps it in what came out, wherever that means the same.
    pub(crate) fn keep(&self, after: &mut Value) {
        let Some(before) = &self.before else { return };
        let sides = Sides {
            config: before,
            prior: before,
        };
        walk(self.block, sides, Measure::Outcome, after, &|place, after| {
            if let Some(meaning) = place.attribute.meaning {
                respell(meaning, &place.attribute.ty.ty(), place.sides.prior, after);
            }
            Way::In
        });
    }
}

/// Keeps the spelling of the prior state, or else of the configuration, in everything that is planned.
pub(crate) fn settle_all(block: &Block, config: &Value, prior: &Value, planned: &mut Value) {
    if matters(block.content()) {
        walk(
            block,
            Sides { config, prior },
            Measure::Plan,
            planned,
            &|place, planned| {
                settle(place, planned);
                Way::In
            },
        );
    }
}

/// The same at one place. Core compares an attribute as a whole, so its elements are kept together or not at all.
pub(crate) fn settle(place: Place<'_>, planned: &mut Value) {
    let Some(meaning) = place.attribute.meaning else {
        return;
    };
    if !planned.is_wholly_known() {
        return;
    }
    let ty = place.attribute.ty.ty();
    let Sides { config, prior } = place.sides;
    let kept = [prior, config]
        .into_iter()
        .find(|value| !value.is_null() && value.is_wholly_known() && same(meaning, &ty, value, planned));
    if let Some(kept) = kept {
        *planned = kept.clone();
    }
}

/// Whether two values of an attribute of type `ty` mean the same.
pub(crate) fn same(meaning: Meaning, ty: &Type, left: &Value, right: &Value) -> bool {
    if left.equals(right, ty) {
        return true;
    }
    let inner = Meaning {
        depth: meaning.depth.saturating_sub(1),
        ..meaning
    };
    match (ty, left, right) {
        _ if meaning.depth == 0 => {
            let has_meaning = |value: &Value| !value.is_null() && value.is_wholly_known();
            has_meaning(left) && has_meaning(right) && (meaning.same)(left, right)
        }
        (Type::List(ty), Value::Sequence(left), Value::Sequence(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(inner, ty, left, right))
        }
        (Type::Set(ty), Value::Sequence(left), Value::Sequence(right)) => {
            same_elements(inner, ty, left, right)
        }
        (Type::Map(ty), Value::Mapping(left), Value::Mapping(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| same(inner, ty, left, right)))
        }
        _ => false,
    }
}

/// Whether two sets hold the same. One that spells something twice holds it once: a provider that spells in its own way
/// finds a single element there, so that a plan by the number of elements would never become empty.
fn same_elements(meaning: Meaning, ty: &Type, left: &[Value], right: &[Value]) -> bool {
    if left.iter().chain(right).all(Value::is_wholly_known) {
        let holds = |set: &[Value], wanted: &Value| set.iter().any(|one| same(meaning, ty, one, wanted));
        return left.iter().all(|one| holds(right, one)) && right.iter().all(|one| holds(left, one));
    }
    let pairs = pair(left, right, |left, right| same(meaning, ty, left, right));
    left.len() == right.len() && pairs.iter().all(Option::is_some)
}

/// Spells every part of `after` that means the same as that of `before` as it was.
fn respell(meaning: Meaning, ty: &Type, before: &Value, after: &mut Value) {
    if same(meaning, ty, before, after) {
        after.clone_from(before);
        return;
    }
    if meaning.depth == 0 {
        return;
    }
    let inner = Meaning {
        depth: meaning.depth - 1,
        ..meaning
    };
    match (ty, before, after) {
        (Type::List(ty), Value::Sequence(before), Value::Sequence(after)) => {
            for (before, after) in before.iter().zip(after) {
                respell(inner, ty, before, after);
            }
        }
        (Type::Set(ty), Value::Sequence(before), Value::Sequence(after)) => {
            let pairs = pair(after, before, |after, before| same(inner, ty, before, after));
            for (after, position) in after.iter_mut().zip(pairs) {
                if let Some(before) = position.and_then(|position| before.get(position)) {
                    after.clone_from(before);
                }
            }
        }
        (Type::Map(ty), Value::Mapping(before), Value::Mapping(after)) => {
            for (key, after) in after {
                if let Some(before) = before.get(key) {
                    respell(inner, ty, before, after);
                }
            }
        }
        _ => {}
    }
}

/// Whether anything in it can be spelled in two ways.
fn matters(content: Content<'_>) -> bool {
    let attributes = content.attributes.iter().any(|attribute| {
        attribute.meaning.is_some()
            || attribute
                .ty
                .content()
                .is_some_and(|(_, content)| matters(content))
    });
    attributes
        || content
            .blocks
            .iter()
            .any(|nested| matters(nested.block.content()))
}
