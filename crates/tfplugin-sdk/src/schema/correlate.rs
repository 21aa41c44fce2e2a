//! Which elements of two sets go together. They have no keys, so what is in them decides, as core has it.

#[cfg(any(test, feature = "testing"))]
use super::AttributeType;
use super::{Attribute, Content, Shape, objects};
use crate::path::Step;
use crate::semantic;
#[cfg(any(test, feature = "testing"))]
use crate::value::Type;
use crate::value::Value;

/// By whose measure objects go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Core's, when it proposes a plan: it does not see that a set was added, nor objects.
    #[cfg(any(test, feature = "testing"))]
    Core,
    /// That of a plan: everything that the provider computes may have been added.
    Plan,
    /// That of an outcome: what was unknown may besides have come to anything.
    Outcome,
}

impl Measure {
    /// Whether a value where nothing is configured is one that the provider added.
    fn adds(self, attribute: &Attribute) -> bool {
        let seen = match self {
            #[cfg(any(test, feature = "testing"))]
            Self::Core => matches!(&attribute.ty, AttributeType::Plain(ty) if !matches!(ty, Type::Set(_))),
            Self::Plan | Self::Outcome => true,
        };
        seen && attribute.usage.is_computed()
    }
}

/// Whether `object` can be what became of `config`: what is configured is as configured, and only values that the
/// provider computes were added.
pub(crate) fn came_from(content: Content<'_>, object: &Value, config: &Value, measure: Measure) -> bool {
    let attributes = content.attributes.iter().all(|attribute| {
        let (value, config) = (
            object.attribute(&attribute.name),
            config.attribute(&attribute.name),
        );
        same(attribute, value, config, measure)
            || (config.is_null() && measure.adds(attribute))
            || attribute
                .ty
                .content()
                .is_some_and(|(shape, content)| all_came_from(shape, content, value, config, measure))
    });
    attributes
        && content.blocks.iter().all(|nested| {
            let (value, config) = (object.attribute(&nested.name), config.attribute(&nested.name));
            value.equals(config, &nested.ty())
                || all_came_from(nested.shape(), nested.block.content(), value, config, measure)
        })
}

fn same(attribute: &Attribute, value: &Value, config: &Value, measure: Measure) -> bool {
    match config {
        Value::Unknown(_) => measure == Measure::Outcome || value.is_unknown(),
        config => {
            let ty = attribute.ty.ty();
            value.equals(config, &ty)
                || attribute
                    .meaning
                    .is_some_and(|meaning| semantic::same(meaning, &ty, config, value))
        }
    }
}

/// The same for the objects in two values. Those of a set within a set are not told apart.
fn all_came_from(
    shape: Shape,
    content: Content<'_>,
    value: &Value,
    config: &Value,
    measure: Measure,
) -> bool {
    let at = |step: &Option<Step>| match (step, config) {
        (None, Value::Mapping(_)) => Some(config),
        (Some(Step::Index(index)), Value::Sequence(configs)) => configs.get(usize::try_from(*index).ok()?),
        (Some(Step::Key(key)), Value::Mapping(configs)) => configs.get(key),
        _ => None,
    };
    shape != Shape::Set
        && !value.is_unknown()
        && objects(shape, value)
            .iter()
            .all(|(step, object)| at(step).is_some_and(|config| came_from(content, object, config, measure)))
}

/// For each of `one` the position of what it goes with in `other`, of which nothing goes with two.
pub(crate) fn pair<T>(one: &[T], other: &[T], goes_with: impl Fn(&T, &T) -> bool) -> Vec<Option<usize>> {
    let mut taken_by: Vec<Option<usize>> = vec![None; other.len()];
    for index in 0..one.len() {
        let mut tried = vec![false; other.len()];
        claim(index, one, other, &goes_with, &mut tried, &mut taken_by);
    }
    let mut pairs = vec![None; one.len()];
    for (position, taker) in taken_by.into_iter().enumerate() {
        if let Some(index) = taker {
            pairs[index] = Some(position);
        }
    }
    pairs
}

/// Takes something that goes with the element at `index`, if need be from one that can take something else. The same
/// position comes first: mostly nothing has moved.
fn claim<T>(
    index: usize,
    one: &[T],
    other: &[T],
    goes_with: &impl Fn(&T, &T) -> bool,
    tried: &mut [bool],
    taken_by: &mut [Option<usize>],
) -> bool {
    let same_position = (index < other.len()).then_some(index);
    for position in same_position.into_iter().chain(0..other.len()) {
        if tried[position] || !goes_with(&one[index], &other[position]) {
            continue;
        }
        tried[position] = true;
        let free = match taken_by[position] {
            None => true,
            Some(taker) => claim(taker, one, other, goes_with, tried, taken_by),
        };
        if free {
            taken_by[position] = Some(index);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Measure, came_from, pair};
    use crate::rules::sample::{block, object};
    use crate::value::Value;

    #[test]
    fn only_computed_values_are_added() {
        let judge = |value: Value, config: Value| {
            let (value, config) = (object([("size", value)]), object([("size", config)]));
            came_from(block().content(), &value, &config, Measure::Plan)
        };
        assert!(judge(3.into(), Value::Null));
        assert!(judge(3.into(), 3.into()));
        assert!(!judge(3.into(), 4.into()));
        assert!(!judge(3.into(), Value::UNKNOWN));
        let noted = object([("note", "x".into())]);
        assert!(!came_from(
            block().content(),
            &noted,
            &object([]),
            Measure::Outcome
        ));
        let planned = object([("note", Value::UNKNOWN)]);
        assert!(came_from(block().content(), &noted, &planned, Measure::Outcome));
    }

    #[test]
    fn objects_within_go_by_their_place() {
        let owners = |owners: &[(&str, Value)]| {
            let owner = |(name, id): &(&str, Value)| object([("name", (*name).into()), ("id", id.clone())]);
            object([("owners", Value::Sequence(owners.iter().map(owner).collect()))])
        };
        let value = owners(&[("a", "1".into()), ("b", "2".into())]);
        let judge = |config: &Value| came_from(block().content(), &value, config, Measure::Plan);
        assert!(judge(&owners(&[("a", Value::Null), ("b", Value::Null)])));
        assert!(!judge(&owners(&[("b", Value::Null), ("a", Value::Null)])));
        assert!(!judge(&owners(&[("a", Value::Null)])));
    }

    #[test]
    fn who_has_a_choice_makes_room() {
        let divides = |one: &i32, other: &i32| other % one == 0;
        assert_eq!(pair(&[1, 2], &[2, 3], divides), [Some(1), Some(0)]);
        assert_eq!(pair(&[2, 4], &[4, 3], divides), [Some(0), None]);
        assert_eq!(pair(&[2], &[], divides), [None]);
    }
}
