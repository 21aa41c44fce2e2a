//! Numbers as goyaml reads them: integers with a base, underscores anywhere, floats by YAML's own pattern.

use serde_json::{Number, Value};

/// The value of a plain scalar that begins with a digit or a sign, if it is a number.
pub(super) fn parse(text: &str) -> Option<Value> {
    let plain = text.replace('_', "");
    if let Some(number) = parse_integer(&plain) {
        return Some(Value::Number(number));
    }
    is_decimal(&plain)
        .then(|| plain.parse::<f64>().ok())
        .flatten()
        .and_then(from_float)
}

/// The value of a plain scalar that begins with a dot, if it is a number.
pub(super) fn parse_fraction(text: &str) -> Option<Value> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    // Here an underscore may only separate digits.
    let well_separated = bytes.iter().enumerate().all(|(index, byte)| {
        *byte != b'_' || (digit(bytes.get(index.wrapping_sub(1))) && digit(bytes.get(index + 1)))
    });
    let plain = text.replace('_', "");
    (well_separated && is_decimal(&plain))
        .then(|| plain.parse::<f64>().ok())
        .flatten()
        .and_then(from_float)
}

/// The JSON number of a float. A whole number loses its fraction on the way, as in JSON written by Go; none for what
/// overflowed, which goyaml keeps as text.
pub(super) fn from_float(float: f64) -> Option<Value> {
    const FIRST_WITH_EXPONENT: f64 = 1e21;
    if float.fract() == 0.0 && float.abs() < FIRST_WITH_EXPONENT {
        let digits = float.to_string();
        if digits != "-0"
            && let Some(number) = parse_integer(&digits)
        {
            return Some(Value::Number(number));
        }
    }
    Number::from_f64(float).map(Value::Number)
}

/// Whether a number was written as an integer: `1.0` is whole in JSON, yet not an integer in YAML.
pub(super) fn is_integer(text: &str, number: &Number) -> bool {
    let hexadecimal = text.contains(['x', 'X']);
    !number.is_f64() && (hexadecimal || !text.contains(['.', 'e', 'E']))
}

/// The string that a number becomes as a key; none for a decimal number that Go would write with an exponent.
pub(super) fn as_key(text: &str, number: &Number) -> Option<String> {
    if is_integer(text, number) {
        return Some(number.to_string());
    }
    // Go formats the key with the precision of 32 bits, which shows only in the number of digits.
    #[expect(clippy::cast_possible_truncation, reason = "the precision that is wanted")]
    let short = number.as_f64()? as f32;
    (short == 0.0 || (1e-4..1e6).contains(&short.abs())).then(|| short.to_string())
}

/// An integer with an optional sign and base (`0x`, `0o`, `0b`, or `0` for octal), within the range of `i64` or `u64`.
fn parse_integer(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = split_base(unsigned);
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    if negative {
        return i64::from_str_radix(&format!("-{digits}"), radix)
            .ok()
            .map(Number::from);
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    // An explicit plus sign is allowed for signed numbers only.
    (magnitude <= i64::MAX.unsigned_abs() || !text.starts_with('+')).then(|| Number::from(magnitude))
}

fn split_base(digits: &str) -> (u32, &str) {
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    match lower.as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        Some(two) if two.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// Whether `text` is a decimal number: a sign, digits with an optional fraction (or a fraction alone), an exponent.
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}
