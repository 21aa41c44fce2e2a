//! A walk over every attribute of a planned value, each beside its configuration and what it was before.

use crate::schema::{Attribute, Block, Content, Measure, Shape, came_from, pair};
use crate::value::Value;

/// The values that a plan is made from, at the same place in each. Null where there is nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides<'a> {
    pub(crate) config: &'a Value,
    pub(crate) prior: &'a Value,
}

/// Where the walk is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) attribute: &'a Attribute,
    /// The configuration of the object that the attribute is in.
    pub(crate) object: &'a Value,
    pub(crate) sides: Sides<'a>,
}

/// Whether the walk goes on into the objects that an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Past,
}

/// What is done at each place.
pub(crate) type Visit<'v> = &'v dyn Fn(Place<'_>, &mut Value) -> Way;

/// Visits every attribute of `planned`, at any depth. Elements of lists go by their position, those of maps by their keys,
/// and those of sets by `measure`.
pub(crate) fn walk(block: &Block, sides: Sides<'_>, measure: Measure, planned: &mut Value, visit: Visit<'_>) {
    Walk { measure, visit }.object(block.content(), sides, planned);
}

impl<'a> Sides<'a> {
    /// Where there is neither.
    pub(crate) const NOTHING: Self = Self {
        config: &Value::Null,
        prior: &Value::Null,
    };

    fn each(self, part: impl Fn(&'a Value) -> &'a Value) -> Self {
        Self {
            config: part(self.config),
            prior: part(self.prior),
        }
    }
}

struct Walk<'v> {
    measure: Measure,
    visit: Visit<'v>,
}

impl Walk<'_> {
    fn object(&self, content: Content<'_>, sides: Sides<'_>, planned: &mut Value) {
        let Value::Mapping(members) = planned else { return };
        for attribute in content.attributes {
            let planned = members.entry(attribute.name.clone()).or_insert(Value::Null);
            let place = Place {
                attribute,
                object: sides.config,
                sides: sides.each(|value| value.attribute(&attribute.name)),
            };
            if (self.visit)(place, planned) == Way::In
                && let Some((shape, content)) = attribute.ty.content()
            {
                self.objects(shape, content, place.sides, planned);
            }
        }
        for nested in content.blocks {
            if let Some(planned) = members.get_mut(&nested.name) {
                let sides = sides.each(|value| value.attribute(&nested.name));
                self.objects(nested.shape(), nested.block.content(), sides, planned);
            }
        }
    }

    fn objects(&self, shape: Shape, content: Content<'_>, sides: Sides<'_>, planned: &mut Value) {
        match (shape, planned) {
            (Shape::Object, planned) => self.object(content, sides, planned),
            (Shape::List, Value::Sequence(elements)) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    self.object(content, sides.each(|value| at(value, index)), element);
                }
            }
            (Shape::Map, Value::Mapping(elements)) => {
                for (key, element) in elements {
                    self.object(content, sides.each(|value| value.attribute(key)), element);
                }
            }
            (Shape::Set, Value::Sequence(elements)) => {
                let pairs = pairs(content, sides, self.measure, elements);
                for (sides, element) in pairs.into_iter().zip(elements) {
                    self.object(content, sides, element);
                }
            }
            (Shape::List | Shape::Map | Shape::Set, _) => {}
        }
    }
}

/// What goes with each element of a planned set.
pub(super) fn pairs<'a>(
    content: Content<'_>,
    sides: Sides<'a>,
    measure: Measure,
    planned: &[Value],
) -> Vec<Sides<'a>> {
    let (configs, priors) = (elements(sides.config), elements(sides.prior));
    let became = |value: &Value, config: &Value| came_from(content, value, config, measure);
    let of_config = pair(planned, configs, became);
    let config_of = |index: usize| of_config[index].map(|position| &configs[position]);
    let positions: Vec<usize> = (0..planned.len()).collect();
    let places: Vec<usize> = (0..priors.len()).collect();
    // What is not configured was computed, and stays what it is.
    let of_prior = pair(&positions, &places, |&index, &place| match config_of(index) {
        Some(config) => became(&priors[place], config),
        None => planned[index] == priors[place],
    });
    let sides_of = |index: usize| Sides {
        config: config_of(index).unwrap_or(&Value::Null),
        prior: of_prior[index].map_or(&Value::Null, |place| &priors[place]),
    };
    positions.into_iter().map(sides_of).collect()
}

pub(super) fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Sequence(elements) => elements,
        _ => &[],
    }
}

pub(super) fn at(value: &Value, index: usize) -> &Value {
    elements(value).get(index).unwrap_or(&Value::Null)
}
