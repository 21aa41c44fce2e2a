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

fn bound(number: &str, inclusive: bool) -> Bound {
    let number = Number::parse(number).unwrap();
    Bound { number, inclusive }
}

fn unknown(refinements: Refinements) -> Value {
    Value::Unknown(Unknown::refined(refinements))
}

/// All that can be promised of some type.
fn everything() -> Refinements {
    Refinements {
        null: Some(false),
        string_prefix: Some("arn:".into()),
        number_lower: Some(bound("0.1", true)),
        number_upper: Some(bound("9", false)),
        length_lower: Some(1),
        length_upper: Some(3),
    }
}

#[test]
fn refinements_survive() {
    let of_text = Refinements {
        null: Some(false),
        string_prefix: Some("arn:".into()),
        ..Refinements::default()
    };
    round_trip(&unknown(of_text), &Type::String);
    let of_number = Refinements {
        number_lower: Some(bound("0.1", true)),
        number_upper: Some(bound("9", false)),
        ..Refinements::default()
    };
    round_trip(&unknown(of_number), &Type::Number);
    let of_collection = Refinements {
        length_lower: Some(1),
        length_upper: Some(3),
        ..Refinements::default()
    };
    round_trip(&unknown(of_collection), &Type::Set(Box::new(Type::Bool)));
}

/// Terraform refuses a prefix of a number or a length of a text, and with them the whole answer.
#[test]
fn promises_that_do_not_fit_the_type_are_not_sent() {
    let bytes = encode(&unknown(everything()), &Type::Bool).unwrap();
    assert_eq!(bytes, [0xc7, 3, 12, 0x81, 1, 0xc2]);
    assert_eq!(
        encode(&unknown(everything()), &Type::Dynamic).unwrap(),
        [0xd4, 0, 0]
    );
    let nothing = Refinements {
        string_prefix: Some(String::new()),
        length_lower: Some(0),
        ..Refinements::default()
    };
    assert_eq!(encode(&unknown(nothing), &Type::String).unwrap(), [0xd4, 0, 0]);
}

/// Terraform crashes over them.
#[test]
fn promises_that_no_value_keeps_are_refused() {
    let numbers = |lower, upper| Refinements {
        number_lower: lower,
        number_upper: upper,
        ..Refinements::default()
    };
    for contradiction in [
        numbers(Some(bound("2", true)), Some(bound("1", true))),
        numbers(Some(bound("1", true)), Some(bound("1", false))),
    ] {
        let error = encode(&unknown(contradiction), &Type::Number).unwrap_err();
        assert!(error.problem.contains("no number is"), "{error}");
    }
    let lengths = Refinements {
        length_lower: Some(3),
        length_upper: Some(2),
        ..Refinements::default()
    };
    let error = encode(&unknown(lengths), &Type::Map(Box::new(Type::Bool))).unwrap_err();
    assert!(error.problem.contains("no collection has"), "{error}");
    let only = numbers(Some(bound("1", true)), Some(bound("1", true)));
    assert!(encode(&unknown(only), &Type::Number).is_ok());
}

#[test]
fn a_prefix_that_is_too_long_leaves_the_other_promises() {
    let long = Refinements {
        string_prefix: Some("x".repeat(1100)),
        ..everything()
    };
    let bytes = encode(&unknown(long), &Type::String).unwrap();
    assert_eq!(bytes, [0xc7, 3, 12, 0x81, 1, 0xc2]);
}

/// cty does not look at the code of so short an extension.
#[test]
fn an_extension_of_less_than_two_bytes_is_an_unknown_value() {
    for bytes in [
        &[0xc7, 0, 12][..],
        &[0xd4, 12, 0],
        &[0xd4, 12, 0xc0],
        &[0xc7, 0, 0],
    ] {
        assert_eq!(
            decode(bytes, &Type::String).unwrap(),
            Value::UNKNOWN,
            "{bytes:02x?}"
        );
    }
}

#[test]
fn a_promise_that_is_no_bool_is_not_taken_for_one() {
    assert!(decode(&[0xc7, 3, 12, 0x81, 1, 0x05], &Type::String).is_err());
    assert!(decode(&[0xc7, 5, 12, 0x81, 3, 0x92, 1, 0xc0], &Type::Number).is_err());
}

/// Terraform stores a float by its shortest spelling: one of this value would come back from the state as one tenth.
#[test]
fn a_float_that_its_shortest_spelling_misses_is_sent_as_text() {
    let float = Value::Number(Number::from_f64(0.1).unwrap());
    let bytes = encode(&float, &Type::Number).unwrap();
    assert_eq!(bytes[0], 0xd9, "{bytes:02x?}");
    round_trip(&float, &Type::Number);
}

/// Terraform composes the names of a type, and then finds no attribute under the spelling that it was given.
#[test]
fn names_and_texts_are_sent_in_composed_form() {
    let decomposed = "e\u{301}";
    let object = |name: &str| Type::Object([(name.to_owned(), Type::String)].into());
    let value = |text: &str| {
        let members = [(text.to_owned(), text.into())].into();
        Value::dynamic(object(text), Value::Mapping(members))
    };
    let bytes = encode(&value(decomposed), &Type::Dynamic).unwrap();
    assert_eq!(bytes, encode(&value("é"), &Type::Dynamic).unwrap());
    assert_eq!(decode(&bytes, &Type::Dynamic).unwrap(), value("é"));
}

/// Two keys of a map that become the same crash Terraform.
#[test]
fn keys_that_are_the_same_text_are_refused() {
    let members = || {
        [
            ("e\u{301}".to_owned(), true.into()),
            ("é".to_owned(), false.into()),
        ]
    };
    let map = Type::Map(Box::new(Type::Bool));
    let error = encode(&Value::Mapping(members().into()), &map).unwrap_err();
    assert!(error.problem.contains("\"é\""), "{error}");
    let object = Type::Object(members().map(|(name, _)| (name, Type::Bool)).into());
    assert!(encode(&Value::Mapping(members().into()), &object).is_err());
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

/// Each of them says that it holds a value of any type.
#[test]
fn dynamic_values_that_nest_without_end_do_not_exhaust_the_stack() {
    let nested = |depth| [b"\x92\xc4\x09\"dynamic\"".repeat(depth), vec![0xc0]].concat();
    assert!(decode(&nested(100), &Type::Dynamic).is_ok());
    let error = decode(&nested(2_000), &Type::Dynamic).unwrap_err();
    assert_eq!(error.problem, "nested deeper than 250");
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
