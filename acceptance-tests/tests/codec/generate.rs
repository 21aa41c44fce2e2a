//! Any type, and any value of it. The first choice is always the simplest, so that failing cases become small.

use std::collections::BTreeMap;

use tfplugin_sdk::value::{Bound, Number, Refinements, Type, Unknown, Value};

use crate::choices::Choices;
use crate::core;
use crate::text::{number_text, string};

/// What may be chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Whether parts may be unknown.
    pub(crate) unknown: bool,
    /// How deep types nest.
    pub(crate) depth: u32,
}

/// A type, and a value of it.
pub(crate) fn case(choices: &mut Choices<'_>, limits: Limits) -> (Type, Value) {
    // A schema's names are ASCII, so they are what core makes of them; only those of a dynamic value are not.
    let ty = core::of_type(&any_type(choices, limits.depth, true));
    let value = value(choices, &ty, limits, false);
    (ty, value)
}

/// `dynamic`: whether it may be or hold the type of any type. In a collection, go-cty wants one type of all elements.
fn any_type(choices: &mut Choices<'_>, depth: u32, dynamic: bool) -> Type {
    let kinds = if depth == 0 { 4 } else { 9 };
    match choices.below(kinds) {
        0 => Type::Bool,
        1 => Type::Number,
        3 if dynamic => Type::Dynamic,
        2 | 3 => Type::String,
        4 => Type::List(Box::new(any_type(choices, depth - 1, false))),
        5 => Type::Set(Box::new(any_type(choices, depth - 1, false))),
        6 => Type::Map(Box::new(any_type(choices, depth - 1, false))),
        7 => {
            let count = choices.below(4);
            let mut attributes = BTreeMap::new();
            for _ in 0..count {
                let name = distinct(&attributes, string(choices));
                attributes.insert(name, any_type(choices, depth - 1, dynamic));
            }
            Type::Object(attributes)
        }
        _ => {
            let count = choices.below(4);
            Type::Tuple(
                (0..count)
                    .map(|_| any_type(choices, depth - 1, dynamic))
                    .collect(),
            )
        }
    }
}

/// `typed`: whether it is in a value whose type is said beside it, which has the types of all its known parts.
fn value(choices: &mut Choices<'_>, ty: &Type, limits: Limits, typed: bool) -> Value {
    match choices.below(10) {
        8 => Value::Null,
        9 if limits.unknown => Value::Unknown(unknown(choices, ty)),
        _ => known(choices, ty, limits, typed),
    }
}

fn known(choices: &mut Choices<'_>, ty: &Type, limits: Limits, typed: bool) -> Value {
    match ty {
        Type::Bool => Value::Bool(choices.below(2) == 1),
        Type::Number => Value::Number(number(choices, limits.unknown)),
        Type::String => Value::String(string(choices)),
        Type::Dynamic if typed && limits.unknown && choices.below(2) == 1 => Value::UNKNOWN,
        Type::Dynamic if typed => Value::Null,
        Type::Dynamic => {
            let dynamic = choices.once_in(4);
            let ty = loop {
                match any_type(choices, limits.depth, dynamic) {
                    Type::Dynamic => {}
                    ty => break ty,
                }
            };
            let value = value(choices, &ty, limits, true);
            Value::dynamic(ty, value)
        }
        Type::List(element) | Type::Set(element) => {
            let count = choices.below(4);
            let mut elements: Vec<Value> = Vec::new();
            for _ in 0..count {
                let repeated = elements.last().filter(|_| choices.once_in(6)).cloned();
                elements.push(repeated.unwrap_or_else(|| value(choices, element, limits, typed)));
            }
            Value::Sequence(elements)
        }
        Type::Tuple(parts) => {
            Value::Sequence(parts.iter().map(|ty| value(choices, ty, limits, typed)).collect())
        }
        Type::Map(element) => {
            let mut elements = BTreeMap::new();
            for _ in 0..choices.below(4) {
                let key = distinct(&elements, string(choices));
                elements.insert(key, value(choices, element, limits, typed));
            }
            Value::Mapping(elements)
        }
        Type::Object(attributes) => {
            let member = |(name, ty): (&String, &Type)| (name.clone(), value(choices, ty, limits, typed));
            Value::Mapping(attributes.iter().map(member).collect())
        }
    }
}

/// `name`, or another one if core would take it for one of those that are there.
fn distinct<T>(there: &BTreeMap<String, T>, name: String) -> String {
    let taken = |name: &str| {
        there
            .keys()
            .any(|other| core::of_text(other) == core::of_text(name))
    };
    let mut candidates = std::iter::successors(Some(name), |name| Some(format!("{name}x")));
    candidates.find(|name| !taken(name)).unwrap_or_default()
}

fn number(choices: &mut Choices<'_>, infinite: bool) -> Number {
    let float = choices.once_in(5).then(|| f64::from_bits(choices.bits()));
    let float = float.filter(|float| float.is_finite());
    match float.map(Number::from_f64) {
        Some(Ok(number)) => number,
        _ if infinite && choices.once_in(40) => Number::from_f64(f64::NEG_INFINITY).unwrap(),
        _ if infinite && choices.once_in(40) => Number::from_f64(f64::INFINITY).unwrap(),
        _ => Number::parse(&number_text(choices)).unwrap(),
    }
}

/// An unknown value, with promises that a value of the type can keep.
fn unknown(choices: &mut Choices<'_>, ty: &Type) -> Unknown {
    let mut promises = Refinements {
        null: choices.one_of(&[
            None,
            Some(false),
            None,
            Some(false),
            None,
            Some(false),
            Some(true),
        ]),
        ..Refinements::default()
    };
    match ty {
        Type::String => {
            // Of a longer one, go-cty promises the beginning only.
            let prefix = (choices.below(2) == 1).then(|| string(choices));
            promises.string_prefix = prefix.filter(|prefix| prefix.len() <= 250);
        }
        Type::Number => {
            let mut bound = || {
                (choices.below(3) > 0).then(|| Bound {
                    number: number(choices, false),
                    inclusive: choices.below(2) == 1,
                })
            };
            (promises.number_lower, promises.number_upper) = in_order(bound(), bound());
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            promises.length_lower = (choices.below(2) == 1).then(|| i64::from(choices.below(4)));
            let longer = i64::from(choices.one_of(&[0, 1, 7, 1_000_000_000]));
            let longest = promises.length_lower.unwrap_or_default() + longer;
            promises.length_upper = (choices.below(2) == 1).then_some(longest);
        }
        Type::Bool | Type::Dynamic | Type::Object(_) | Type::Tuple(_) => {}
    }
    // What says nothing at all is written in two ways.
    Unknown::refined(promises)
}

fn in_order(lower: Option<Bound>, upper: Option<Bound>) -> (Option<Bound>, Option<Bound>) {
    match (lower, upper) {
        (Some(lower), Some(upper)) if lower.number > upper.number => (Some(upper), Some(lower)),
        (Some(lower), Some(upper)) if lower.number == upper.number => {
            let only = Bound {
                inclusive: true,
                ..lower
            };
            (Some(only.clone()), Some(only))
        }
        bounds => bounds,
    }
}
