//! Values of plain types.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Drawn, Values, members, number, text};
use crate::schema::Constraint;
use crate::value::{Type, Value};

/// How many elements a collection has more than the fewest.
const EXTENT: usize = 3;

/// A type, and what is said about its values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind<'a> {
    pub(super) ty: &'a Type,
    pub(super) constraints: &'a [Constraint],
    /// What it must be, in words.
    pub(super) expected: &'a [String],
    pub(super) wild: bool,
}

pub(super) fn plain(kind: Kind<'_>) -> Values {
    let choices = kind.constraints.iter().find_map(|constraint| match constraint {
        Constraint::OneOf(choices) if !choices.is_empty() => Some(choices.clone()),
        _ => None,
    });
    if let Some(choices) = choices {
        return proptest::sample::select(choices).prop_map(Ok).boxed();
    }
    match kind.ty {
        Type::Bool => any::<bool>().prop_map(|truth| Ok(truth.into())).boxed(),
        Type::Number => number::number(kind.constraints, kind.wild),
        Type::String => text::text(kind.constraints, kind.expected, kind.wild),
        Type::Dynamic => dynamic(kind.wild),
        Type::List(element) => sequence(elements(kind, element), lengths(kind)),
        Type::Set(element) => set(elements(kind, element), lengths(kind), element),
        Type::Map(element) => mapping(elements(kind, element), lengths(kind), kind.wild),
        Type::Object(attributes) => members(attributes.iter().map(|(name, ty)| {
            let value = plain(of_type(kind, ty));
            (name.clone(), super::sometimes_null(value, 1))
        })),
        Type::Tuple(types) => {
            let elements: Vec<_> = types.iter().map(|ty| plain(of_type(kind, ty))).collect();
            elements.prop_map(gathered).boxed()
        }
    }
}

fn of_type<'a>(kind: Kind<'a>, ty: &'a Type) -> Kind<'a> {
    Kind {
        ty,
        constraints: &[],
        ..kind
    }
}

fn lengths(kind: Kind<'_>) -> (usize, usize) {
    super::lengths(kind.constraints, EXTENT)
}

fn elements(kind: Kind<'_>, ty: &Type) -> Values {
    let each = kind.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::Each(constraint) => Some(constraint.as_ref().clone()),
        _ => None,
    });
    let constraints: Vec<_> = each.collect();
    let value = plain(Kind {
        ty,
        constraints: &constraints,
        ..kind
    });
    if kind.wild {
        super::sometimes_null(value, 9)
    } else {
        value
    }
}

/// Elements in order.
pub(super) fn sequence(elements: Values, (fewest, most): (usize, usize)) -> Values {
    vec(elements, fewest..=most).prop_map(gathered).boxed()
}

/// Elements without repetition.
pub(super) fn set(elements: Values, (fewest, most): (usize, usize), ty: &Type) -> Values {
    let ty = ty.clone();
    let distinct = move |elements: Vec<Drawn>| {
        let mut kept: Vec<Value> = Vec::new();
        for element in elements {
            let element = element?;
            if !kept.iter().any(|other| other.equals(&element, &ty)) {
                kept.push(element);
            }
        }
        Ok(Value::Sequence(kept))
    };
    vec(elements, fewest..=most).prop_map(distinct).boxed()
}

/// Elements by key.
pub(super) fn mapping(elements: Values, (fewest, most): (usize, usize), wild: bool) -> Values {
    let gather = |elements: BTreeMap<String, Drawn>| {
        let elements = elements.into_iter().map(|(key, value)| Ok((key, value?)));
        Ok(Value::Mapping(elements.collect::<crate::testing::Result<_>>()?))
    };
    btree_map(text::key(wild), elements, fewest..=most)
        .prop_map(gather)
        .boxed()
}

fn gathered(elements: Vec<Drawn>) -> Drawn {
    Ok(Value::Sequence(
        elements.into_iter().collect::<crate::testing::Result<_>>()?,
    ))
}

/// Values of any type, as a configuration makes them.
fn dynamic(wild: bool) -> Values {
    let leaf = |ty: Type| {
        let value = plain(Kind {
            ty: &ty,
            constraints: &[],
            expected: &[],
            wild,
        });
        value.prop_map(move |value| Ok((ty.clone(), value?)))
    };
    let leaves = prop_oneof![leaf(Type::Bool), leaf(Type::Number), leaf(Type::String)];
    let nested = leaves.prop_recursive(3, 12, 3, move |inner| {
        let inner = prop_oneof![6 => inner, 1 => Just(Ok((Type::Dynamic, Value::Null)))];
        let tuple = vec(inner.clone(), 0..=3).prop_map(|elements| {
            let elements = elements.into_iter().collect::<crate::testing::Result<Vec<_>>>()?;
            let (types, values) = elements.into_iter().unzip();
            Ok((Type::Tuple(types), Value::Sequence(values)))
        });
        let object = btree_map(text::key(wild), inner, 0..=3).prop_map(|members| {
            let (mut types, mut values) = (BTreeMap::new(), BTreeMap::new());
            for (name, member) in members {
                let (ty, value) = member?;
                types.insert(name.clone(), ty);
                values.insert(name, value);
            }
            Ok((Type::Object(types), Value::Mapping(values)))
        });
        prop_oneof![tuple, object]
    });
    nested
        .prop_map(|typed| typed.map(|(ty, value)| Value::dynamic(ty, value)))
        .boxed()
}
