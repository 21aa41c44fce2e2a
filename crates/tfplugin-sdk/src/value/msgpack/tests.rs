//! The codec against bytes that go-cty writes, and against itself.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::{decode, encode};
use crate::value::{Bound, Number, Refinements, Type, Unknown, Value};

fn round_trip(value: &Value, ty: &Type) {
    let bytes = encode(value, ty).unwrap();
    assert_eq!(&decode(&bytes, ty).unwrap(), value, "{ty}: {bytes:02x?}");
}

#[test]
fn values_round_trip() {
    let object = Type::Object([("a".into(), Type::Number), ("b".into(), Type::Dynamic)].into());
    round_trip(&Value::Null, &object);
    round_trip(&Value::UNKNOWN, &object);
    let nested = Value::dynamic(
        Type::Tuple(vec![Type::Bool, Type::Dynamic]),
        Value::Sequence(vec![true.into(), Value::UNKNOWN]),
    );
    round_trip(
        &Value::Mapping([("a".into(), 7.into()), ("b".into(), nested)].into()),
        &object,
    );
    for number in [
        "0",
        "-129",
        "70000",
        "18446744073709551615",
        "0.1",
        "0.25",
        "1e400",
        "-5e-50",
    ] {
        round_trip(&Value::Number(Number::parse(number).unwrap()), &Type::Number);
    }
    let infinity = Number::from_f64(f64::INFINITY).unwrap();
    round_trip(&Value::Number(infinity), &Type::Number);
    round_trip(
        &Value::Sequence(vec!["x".into(); 70_000]),
        &Type::List(Box::new(Type::String)),
    );
}

#[test]
fn refinements_survive() {
    let refinements = Refinements {
        null: Some(false),
        string_prefix: Some("arn:".into()),
        number_lower: Some(Bound {
            number: Number::parse("0.1").unwrap(),
            inclusive: true,
        }),
        number_upper: Some(Bound {
            number: 9_i64.into(),
            inclusive: false,
        }),
        length_lower: Some(1),
        length_upper: Some(3),
    };
    round_trip(&Value::Unknown(Unknown::refined(refinements)), &Type::String);
}

/// The bytes were written by go-cty 1.16 (`cty/msgpack.Marshal`).
#[test]
fn the_wire_is_that_of_cty() {
    let not_null = Unknown::refined(Refinements {
        null: Some(false),
        ..Refinements::default()
    });
    let cases: &[(Value, Type, &[u8])] = &[
        (Value::UNKNOWN, Type::String, &[0xd4, 0, 0]),
        (
            Value::Unknown(not_null),
            Type::String,
            &[0xc7, 3, 12, 0x81, 1, 0xc2],
        ),
        (
            Value::Number(Number::parse("0.5").unwrap()),
            Type::Number,
            &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
        ),
        (
            Value::Number(Number::parse("0.1").unwrap()),
            Type::Number,
            &[0xa3, b'0', b'.', b'1'],
        ),
        (Value::from(-1), Type::Number, &[0xff]),
        (
            Value::dynamic(Type::Bool, true.into()),
            Type::Dynamic,
            &[0x92, 0xc4, 6, b'"', b'b', b'o', b'o', b'l', b'"', 0xc3],
        ),
    ];
    for (value, ty, bytes) in cases {
        assert_eq!(&encode(value, ty).unwrap(), bytes, "{value:?}");
        assert_eq!(&decode(bytes, ty).unwrap(), value);
    }
}

#[test]
fn wrong_bytes_are_errors_with_a_path() {
    let ty = Type::Object([("a".into(), Type::List(Box::new(Type::Bool)))].into());
    let bytes = [0x81, 0xa1, b'a', 0x92, 0xc3, 0x01];
    assert_eq!(decode(&bytes, &ty).unwrap_err().path, ".a[1]");
    for bytes in [
        &[0x80][..],
        &[0x81, 0xa1, b'b', 0xc0],
        &[0xc0, 0xc0],
        &[],
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
    ] {
        assert!(decode(bytes, &ty).is_err(), "{bytes:02x?}");
    }
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    let mut ty = Type::Bool;
    for _ in 0..600 {
        ty = Type::List(Box::new(ty));
    }
    assert!(decode(&deep, &ty).is_err());
}

#[test]
fn a_value_of_another_type_is_not_written() {
    let error = encode(
        &Value::Sequence(vec!["x".into()]),
        &Type::List(Box::new(Type::Bool)),
    )
    .unwrap_err();
    assert_eq!(
        (error.path.as_str(), error.problem.as_str()),
        ("[0]", "bool is required, found a string")
    );
}
