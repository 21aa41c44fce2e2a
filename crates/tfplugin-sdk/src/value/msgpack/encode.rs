//! Writing a value as msgpack.

use rmp::encode::{
    write_array_len, write_bin, write_bool, write_ext_meta, write_f64, write_map_len, write_nil, write_sint,
    write_str,
};

use super::{REFINED, refinement_key};
use crate::value::composed::{collision, composed};
use crate::value::error::CodecError;
use crate::value::{Bound, Number, Refinements, Type, Unknown, Value};

/// The longest description of an unknown value that Terraform reads.
const PAYLOAD_LIMIT: usize = 1024;

type Result<T> = std::result::Result<T, CodecError>;

/// Writes `value`, which must be of type `ty`. An object's missing attributes are written as null.
///
/// # Errors
/// When the value is not of the type, two keys are the same text to Terraform, or no value can keep what is promised of
/// an unknown one.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(256);
    write(&mut bytes, value, ty)?;
    Ok(bytes)
}

fn write(bytes: &mut Vec<u8>, value: &Value, ty: &Type) -> Result<()> {
    match (value, ty) {
        (Value::Null, _) => infallible(write_nil(bytes)),
        (Value::Unknown(unknown), ty) => return write_unknown(bytes, unknown, ty),
        (Value::Dynamic(typed), Type::Dynamic) => {
            infallible(write_array_len(bytes, 2).map(drop));
            infallible(write_bin(bytes, &typed.ty.to_json_bytes()));
            return write(bytes, &typed.value, &typed.ty);
        }
        (Value::Bool(truth), Type::Bool) => infallible(write_bool(bytes, *truth)),
        (Value::Number(number), Type::Number) => write_number(bytes, number),
        (Value::String(text), Type::String) => write_text(bytes, text),
        (Value::Sequence(elements), Type::List(ty) | Type::Set(ty)) => {
            infallible(write_array_len(bytes, length(elements.len())?).map(drop));
            return elements.iter().enumerate().try_for_each(|(index, element)| {
                write(bytes, element, ty).map_err(|error| error.within(&format!("[{index}]")))
            });
        }
        (Value::Sequence(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            infallible(write_array_len(bytes, length(elements.len())?).map(drop));
            return elements
                .iter()
                .zip(types)
                .enumerate()
                .try_for_each(|(index, (element, ty))| {
                    write(bytes, element, ty).map_err(|error| error.within(&format!("[{index}]")))
                });
        }
        (Value::Mapping(elements), Type::Map(ty)) => {
            check_distinct(elements.keys())?;
            infallible(write_map_len(bytes, length(elements.len())?).map(drop));
            return elements.iter().try_for_each(|(key, element)| {
                write_text(bytes, key);
                write(bytes, element, ty).map_err(|error| error.within(&format!(".{key}")))
            });
        }
        (Value::Mapping(elements), Type::Object(types)) => {
            if let Some(name) = elements.keys().find(|name| !types.contains_key(*name)) {
                return Err(CodecError::new(format!("there is no attribute {name:?}")));
            }
            check_distinct(types.keys())?;
            infallible(write_map_len(bytes, length(types.len())?).map(drop));
            return types.iter().try_for_each(|(name, ty)| {
                write_text(bytes, name);
                write(bytes, value.attribute(name), ty).map_err(|error| error.within(&format!(".{name}")))
            });
        }
        _ => {
            return Err(CodecError::new(format!(
                "{ty} is required, found {}",
                value.kind()
            )));
        }
    }
    Ok(())
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    infallible(write_str(bytes, &composed(text)));
}

fn check_distinct<'a>(names: impl Iterator<Item = &'a String>) -> Result<()> {
    match collision(names) {
        None => Ok(()),
        Some(name) => Err(CodecError::new(format!(
            "two keys are spelled differently, and to Terraform both are {name:?}"
        ))),
    }
}

/// A float is written as one only if its shortest spelling is exact: Terraform stores floats by that spelling, and would
/// read another number from its state.
fn write_number(bytes: &mut Vec<u8>, number: &Number) {
    if let Some(integer) = number.as_i64() {
        infallible(write_sint(bytes, integer).map(drop));
    } else if let Some(float) = float(number) {
        infallible(write_f64(bytes, float));
    } else {
        infallible(write_str(bytes, &number.to_string()));
    }
}

fn float(number: &Number) -> Option<f64> {
    let exact = number.as_exact_f64()?;
    let short = number.as_short_f64().is_some() || exact.is_infinite();
    (short && !number.is_integer()).then_some(exact)
}

fn write_unknown(bytes: &mut Vec<u8>, unknown: &Unknown, ty: &Type) -> Result<()> {
    let fitting = unknown
        .refinements()
        .map(|all| all.that_fit(ty))
        .unwrap_or_default();
    if let Some(contradiction) = fitting.contradiction() {
        return Err(CodecError::new(format!(
            "what is promised cannot be kept: {contradiction}"
        )));
    }
    let small = Refinements {
        null: fitting.null,
        ..Refinements::default()
    };
    // Terraform refuses a larger payload; a promise not made is always allowed.
    let payload = [fitting, small]
        .iter()
        .filter(|refinements| **refinements != Refinements::default())
        .map(refinements_payload)
        .find(|payload| payload.len() <= PAYLOAD_LIMIT);
    match payload {
        Some(payload) => {
            infallible(write_ext_meta(bytes, length(payload.len())?, REFINED).map(drop));
            bytes.extend_from_slice(&payload);
        }
        None => bytes.extend_from_slice(&[0xd4, 0, 0]),
    }
    Ok(())
}

fn refinements_payload(refinements: &Refinements) -> Vec<u8> {
    let Refinements {
        null,
        string_prefix,
        number_lower,
        number_upper,
        length_lower,
        length_upper,
    } = refinements;
    let entries = [
        null.is_some(),
        string_prefix.is_some(),
        number_lower.is_some(),
        number_upper.is_some(),
        length_lower.is_some(),
        length_upper.is_some(),
    ];
    let count = entries.into_iter().map(u32::from).sum();
    let mut bytes = Vec::new();
    let key = |bytes: &mut Vec<u8>, key: i64| infallible(write_sint(bytes, key).map(drop));
    infallible(write_map_len(&mut bytes, count).map(drop));
    if let Some(null) = null {
        key(&mut bytes, refinement_key::NULL);
        infallible(write_bool(&mut bytes, *null));
    }
    if let Some(prefix) = string_prefix {
        key(&mut bytes, refinement_key::STRING_PREFIX);
        write_text(&mut bytes, prefix);
    }
    for (code, bound) in [
        (refinement_key::NUMBER_LOWER, number_lower),
        (refinement_key::NUMBER_UPPER, number_upper),
    ] {
        if let Some(Bound { number, inclusive }) = bound {
            key(&mut bytes, code);
            infallible(write_array_len(&mut bytes, 2).map(drop));
            write_number(&mut bytes, number);
            infallible(write_bool(&mut bytes, *inclusive));
        }
    }
    for (code, bound) in [
        (refinement_key::LENGTH_LOWER, length_lower),
        (refinement_key::LENGTH_UPPER, length_upper),
    ] {
        if let Some(length) = bound {
            key(&mut bytes, code);
            infallible(write_sint(&mut bytes, *length).map(drop));
        }
    }
    bytes
}

/// Writing to a vector cannot fail; the crate's signatures are those of any writer.
fn infallible<E>(_: std::result::Result<(), E>) {}

fn length(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| CodecError::new(format!("{length} elements are too many")))
}
