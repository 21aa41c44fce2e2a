//! Which changes replace a resource: those of the attributes that say so, at any depth.

use std::collections::BTreeSet;

use super::trail::Trail;
use super::walk::{Sides, at, elements, pairs};
use crate::path::Path;
use crate::schema::{Attribute, Block, Content, Measure, NestedBlock, Replace, Shape, objects as parts};
use crate::value::Value;

/// The paths of the attributes because of which the resource is replaced. That an object comes or goes is a change of
/// everything in it.
pub(super) fn replacements(block: &Block, sides: Sides<'_>, planned: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    object(block.content(), sides, planned, &Trail::ROOT, &mut found);
    found
}

fn object(content: Content<'_>, sides: Sides<'_>, planned: &Value, trail: &Trail<'_>, found: &mut Vec<Path>) {
    for attribute in content.attributes {
        let (sides, planned) = member(sides, planned, &attribute.name);
        let here = trail.attribute(&attribute.name);
        if replaces(attribute, sides, planned) {
            found.push(here.path());
        }
        if let Some((shape, content)) = attribute.ty.content() {
            objects(shape, content, sides, planned, &here, found);
        }
    }
    for nested in content.blocks {
        let (sides, planned) = member(sides, planned, &nested.name);
        let here = trail.attribute(&nested.name);
        objects(
            nested.shape(),
            nested.block.content(),
            sides,
            planned,
            &here,
            found,
        );
    }
}

fn member<'a>(sides: Sides<'a>, planned: &'a Value, name: &str) -> (Sides<'a>, &'a Value) {
    let sides = Sides {
        config: sides.config.attribute(name),
        prior: sides.prior.attribute(name),
    };
    (sides, planned.attribute(name))
}

fn replaces(attribute: &Attribute, sides: Sides<'_>, planned: &Value) -> bool {
    let Sides { config, prior } = sides;
    // What nobody set, and what may yet stay the same, is no reason.
    let open = config.is_null() && planned.is_unknown();
    match &attribute.replace {
        Replace::Never => false,
        _ if open || planned.equals(prior, &attribute.ty.ty()) => false,
        Replace::Always => true,
        Replace::If(condition) => condition(prior, planned),
    }
}

fn objects(
    shape: Shape,
    content: Content<'_>,
    sides: Sides<'_>,
    planned: &Value,
    trail: &Trail<'_>,
    found: &mut Vec<Path>,
) {
    if planned.is_unknown() {
        if sides.config.is_unknown() && may_replace(shape, content, sides.prior) {
            found.push(trail.path());
        }
        return;
    }
    match shape {
        Shape::Object => object(content, sides, planned, trail, found),
        Shape::List => {
            let length = elements(planned).len().max(elements(sides.prior).len());
            for index in 0..length {
                let sides = Sides {
                    config: at(sides.config, index),
                    prior: at(sides.prior, index),
                };
                object(content, sides, at(planned, index), &trail.index(index), found);
            }
        }
        Shape::Map => {
            let keys: BTreeSet<&String> = [planned, sides.prior].into_iter().flat_map(keys).collect();
            for key in keys {
                let (sides, planned) = member(sides, planned, key);
                object(content, sides, planned, &trail.key(key), found);
            }
        }
        Shape::Set => set(content, sides, elements(planned), trail, found),
    }
}

/// Whether anything in objects that are not known yet may turn out to be a reason. As of single attributes, what is not
/// known counts as another value: an update that turned into a replacement would be refused in the apply.
fn may_replace(shape: Shape, content: Content<'_>, prior: &Value) -> bool {
    let mut priors: Vec<&Value> = parts(shape, prior)
        .into_iter()
        .map(|(_, object)| object)
        .collect();
    priors.push(&Value::Null);
    priors.into_iter().any(|prior| {
        let attribute = |attribute: &Attribute| {
            let prior = prior.attribute(&attribute.name);
            let config = &Value::UNKNOWN;
            let itself = replaces(attribute, Sides { config, prior }, config);
            let within = attribute.ty.content();
            itself || within.is_some_and(|(shape, content)| may_replace(shape, content, prior))
        };
        let block = |nested: &NestedBlock| {
            may_replace(
                nested.shape(),
                nested.block.content(),
                prior.attribute(&nested.name),
            )
        };
        content.attributes.iter().any(attribute) || content.blocks.iter().any(block)
    })
}

/// An element of a set has no path, so the set itself is the reason.
fn set(content: Content<'_>, sides: Sides<'_>, planned: &[Value], trail: &Trail<'_>, found: &mut Vec<Path>) {
    let mut within = Vec::new();
    let pairs = pairs(content, sides, Measure::Plan, planned);
    for (sides, element) in pairs.iter().zip(planned) {
        object(content, *sides, element, trail, &mut within);
    }
    let is_left = |prior: &&Value| !pairs.iter().any(|sides| std::ptr::eq(sides.prior, *prior));
    for prior in elements(sides.prior).iter().filter(is_left) {
        let sides = Sides {
            config: &Value::Null,
            prior,
        };
        object(content, sides, &Value::Null, trail, &mut within);
    }
    if !within.is_empty() {
        found.push(trail.path());
    }
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    let elements = match value {
        Value::Mapping(elements) => Some(elements),
        _ => None,
    };
    elements.into_iter().flat_map(|elements| elements.keys())
}
