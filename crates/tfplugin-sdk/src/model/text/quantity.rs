//! Quantities as Kubernetes spells them.

use std::fmt;

use bigdecimal::BigDecimal;
use num_bigint::BigInt;

use super::Text;
use crate::value::Number;

/// Longer texts are no quantities that anybody means.
const TEXT_LIMIT: usize = 100;

/// How large a power of ten may be that follows an `e`.
const EXPONENT_LIMIT: i64 = 999;

/// A quantity as Kubernetes spells it: `500m`, `1.5`, `2Gi`, `1e3`. Two that are the same number mean the same.
#[derive(Clone, Debug)]
pub struct Quantity {
    text: String,
    number: Number,
}

impl Quantity {
    /// The number, exactly.
    #[must_use]
    pub fn number(&self) -> &Number {
        &self.number
    }
}

/// By number.
impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text for Quantity {
    const EXPECTED: &'static str = "a quantity such as `500m`, `1.5` or `2Gi`";

    fn parse(text: &str) -> Option<Self> {
        Some(Self {
            number: number(text)?,
            text: text.to_owned(),
        })
    }

    fn as_str(&self) -> &str {
        &self.text
    }
}

fn number(text: &str) -> Option<Number> {
    if text.len() > TEXT_LIMIT {
        return None;
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = unsigned
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(unsigned.len());
    let (digits, suffix) = unsigned.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // A second point is no digit, and without any digit there is no number.
    let mantissa: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let (factor, exponent) = scale(suffix)?;
    let mantissa = if negative { -mantissa } else { mantissa } * factor;
    let places = i64::try_from(fraction.len()).ok()?;
    Number::from_decimal(&BigDecimal::new(mantissa, places - exponent)).ok()
}

/// What a suffix multiplies by, as a factor and a power of ten.
fn scale(suffix: &str) -> Option<(BigInt, i64)> {
    let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    if let Some(position) = decimal.iter().position(|name| *name == suffix) {
        return Some((1.into(), 3 * (i64::try_from(position).ok()? - 3)));
    }
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if let Some(position) = binary.iter().position(|name| *name == suffix) {
        return Some((BigInt::from(1) << (10 * (position + 1)), 0));
    }
    let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    (exponent.abs() <= EXPONENT_LIMIT).then_some((1.into(), exponent))
}

#[cfg(test)]
mod tests {
    use super::{Quantity, Text};

    #[test]
    fn the_number_counts_and_not_its_spelling() {
        for (left, right, same) in [
            ("1Gi", "1024Mi", true),
            ("1Gi", "1073741824", true),
            ("1G", "1Gi", false),
            ("500m", "0.5", true),
            ("500m", ".5", true),
            ("1e3", "1k", true),
            ("1E3", "1k", true),
            ("1E", "1e18", true),
            ("0.1", "100m", true),
            ("1500u", "1.5m", true),
            ("-1", "-1000m", true),
            ("+1", "1.", true),
            ("1n", "1u", false),
            ("0", "0Ei", true),
        ] {
            assert!(
                Quantity::parse(left).is_some() && Quantity::parse(right).is_some(),
                "{left} {right}"
            );
            assert_eq!(
                Quantity::parse(left) == Quantity::parse(right),
                same,
                "{left} {right}"
            );
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        let long = "1".repeat(101);
        for text in [
            "", "Gi", ".", "1.2.3", "1 Gi", "1gi", "--1", "1e", "1e1000", "1x", "1KiB", &long,
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
