//! The part of planning that every resource shares: defaults, unknown computed values, and replacement.

mod replace;
mod trail;
mod walk;

pub(crate) use self::walk::{Place, Sides, Way, walk};
use crate::path::Path;
use crate::schema::{Attribute, Block, Content, DefaultValue, Measure, Shape, Usage};
use crate::semantic;
use crate::value::{Type, Value};

/// What the schema alone plans of what Terraform proposes. `prior` is null on creation.
pub(crate) fn plan(block: &Block, ty: &Type, config: &Value, prior: &Value, mut proposed: Value) -> Value {
    let sides = Sides { config, prior };
    walk(block, sides, Measure::Plan, &mut proposed, &fill_default);
    if prior.is_null() || !proposed.equals(prior, ty) {
        walk(block, sides, Measure::Plan, &mut proposed, &fill_unknown);
    }
    proposed
}

/// The paths of the attributes because of which what is planned takes the place of what there was.
pub(crate) fn replacements(block: &Block, config: &Value, prior: &Value, planned: &Value) -> Vec<Path> {
    if prior.is_null() {
        return Vec::new();
    }
    replace::replacements(block, Sides { config, prior }, planned)
}

/// Sets every write-only attribute to null: their values reach neither plan nor state.
pub(crate) fn drop_write_only(block: &Block, value: &mut Value) {
    walk(block, Sides::NOTHING, Measure::Plan, value, &|place, value| {
        if place.attribute.usage == Usage::WriteOnly {
            *value = Value::Null;
        }
        Way::In
    });
}

/// Leaves of a state what a configuration would say: nothing that is computed, deprecated, or as it is by default.
pub(crate) fn keep_configurable(block: &Block, state: &mut Value) {
    walk(block, Sides::NOTHING, Measure::Plan, state, &|place, value| {
        let attribute = place.attribute;
        let by_default = matches!(&attribute.default, Some(DefaultValue::Fixed(default))
            if value.equals(default, &attribute.ty.ty()));
        let not_written = matches!(attribute.usage, Usage::Computed | Usage::WriteOnly)
            || (attribute.deprecated.is_some() && attribute.usage != Usage::Required);
        if by_default || not_written {
            *value = Value::Null;
        }
        Way::In
    });
}

/// Brings what an author planned back to what Terraform takes. Blocks of which the number is not known yet are planned as
/// such, because nobody may say more about them; and what means the same as before, or as it is configured, is spelled so.
pub(crate) fn tidy(block: &Block, config: &Value, prior: &Value, planned: &mut Value) {
    keep_unknown(block.content(), config, planned);
    semantic::settle_all(block, config, prior, planned);
}

fn keep_unknown(content: Content<'_>, config: &Value, planned: &mut Value) {
    let Value::Mapping(members) = planned else { return };
    for nested in content.blocks {
        let (Some(planned), config) = (members.get_mut(&nested.name), config.attribute(&nested.name)) else {
            continue;
        };
        let content = nested.block.content();
        match (nested.shape(), config, planned) {
            (_, Value::Unknown(_), planned) => *planned = config.clone(),
            (Shape::Object, config, planned) => keep_unknown(content, config, planned),
            (Shape::List, Value::Sequence(configs), Value::Sequence(elements)) => {
                for (config, planned) in configs.iter().zip(elements) {
                    keep_unknown(content, config, planned);
                }
            }
            (Shape::Map, Value::Mapping(configs), Value::Mapping(elements)) => {
                for (key, planned) in elements {
                    keep_unknown(content, configs.get(key).unwrap_or(&Value::Null), planned);
                }
            }
            // Whatever is unknown in an element of a set is in the element that the author planned.
            _ => {}
        }
    }
}

fn fill_default(place: Place<'_>, planned: &mut Value) -> Way {
    if place.attribute.usage == Usage::WriteOnly {
        *planned = Value::Null;
    }
    let configured = !place.sides.config.is_null();
    match &place.attribute.default {
        Some(DefaultValue::Fixed(value)) if !configured => *planned = value.clone(),
        Some(DefaultValue::With(make)) if !configured => *planned = make(place.object),
        // Core did not see what an element of a set was before: it compares spellings, and not what is computed in parts.
        None if !configured && planned.is_null() && stays(place.attribute) => {
            planned.clone_from(place.sides.prior);
        }
        _ => {}
    }
    semantic::settle(place, planned);
    // Nothing of what is not configured is completed by parts.
    if configured { Way::In } else { Way::Past }
}

/// Whether a value that is not configured was computed, and cannot be one that was configured before.
fn stays(attribute: &Attribute) -> bool {
    match attribute.usage {
        Usage::Computed => true,
        Usage::OptionalComputed => attribute.ty.content().is_none(),
        Usage::Required | Usage::Optional | Usage::WriteOnly => false,
    }
}

fn fill_unknown(place: Place<'_>, planned: &mut Value) -> Way {
    let Place { attribute, sides, .. } = place;
    if !sides.config.is_null() {
        return Way::In;
    }
    if attribute.keep && !sides.prior.is_null() {
        *planned = sides.prior.clone();
    } else if attribute.usage.is_computed() && attribute.default.is_none() {
        *planned = Value::UNKNOWN;
    }
    Way::Past
}
