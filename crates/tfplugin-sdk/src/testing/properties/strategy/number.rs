//! Numbers: small ones, and wild ones of every size that Terraform has.

use std::ops::Bound;

use proptest::prelude::*;

use super::Values;
use crate::schema::Constraint;
use crate::value::{Number, Value};

/// Where encodings change, and where floats and integers of 64 bits end.
const EDGES: [&str; 14] = [
    "0",
    "-1",
    "127",
    "128",
    "-129",
    "65536",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "0.1",
    "1e400",
];

/// How far from its ends a range is tried out.
const REACH: i64 = 1_000;

pub(super) fn number(constraints: &[Constraint], wild: bool) -> Values {
    let range = constraints.iter().find_map(|constraint| match constraint {
        Constraint::Range { from, to } => Some((from, to)),
        _ => None,
    });
    if let Some((from, to)) = range {
        return within(from, to);
    }
    if wild {
        prop_oneof![
            3 => any::<i64>().prop_map(Value::from),
            3 => proptest::sample::select(&EDGES[..]).prop_map(parsed),
            2 => "-?[1-9][0-9]{0,40}".prop_map(|text| parsed(&text)),
            2 => "-?[0-9]{1,5}\\.[0-9]{1,30}".prop_map(|text| parsed(&text)),
        ]
        .prop_map(Ok)
        .boxed()
    } else {
        prop_oneof![3 => 0_i64..10, 1 => -REACH..REACH]
            .prop_map(|number| Ok(number.into()))
            .boxed()
    }
}

/// Whole numbers at both ends of a range and between them. What they miss is drawn again by the validator's own word.
fn within(from: &Bound<Number>, to: &Bound<Number>) -> Values {
    let ends = match (end(from), end(to)) {
        (Some(from), Some(to)) => (from, to.max(from)),
        (Some(from), None) => (from, from.saturating_add(REACH)),
        (None, Some(to)) => (to.saturating_sub(REACH), to),
        (None, None) => (-REACH, REACH),
    };
    prop_oneof![4 => ends.0..=ends.1, 1 => Just(ends.0), 1 => Just(ends.1)]
        .prop_map(|number| Ok(number.into()))
        .boxed()
}

fn end(bound: &Bound<Number>) -> Option<i64> {
    match bound {
        Bound::Included(number) | Bound::Excluded(number) => number.as_i64(),
        Bound::Unbounded => None,
    }
}

fn parsed(text: &str) -> Value {
    // Every text that comes here spells a number.
    Number::parse(text).map_or(Value::Null, Value::Number)
}
