//! Numbers, exact to what Terraform's `cty` holds.
//!
//! `cty` computes with 512-bit binary floats and reads decimal text into them. Each of these is kept here as the shortest
//! decimal that `cty` reads as it, so that what `cty` takes for the same number is the same here, whatever its spelling.

use std::fmt;

use bigdecimal::BigDecimal;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::precision;

/// The largest power of ten, up or down, that the first digit of a number may stand for. Larger ones would let a few
/// bytes of input demand gigabytes of digits.
const EXPONENT_LIMIT: i64 = 100_000;

/// The longest text that is read as a number.
const TEXT_LIMIT: usize = 110_000;

/// A number as Terraform has it: of 512 binary digits, with a fraction or without, or an infinity.
///
/// Two numbers are equal when Terraform takes them for the same, whatever the encoding they came in. A decimal of up to
/// 153 digits is what it is; of a longer one, what 512 bits cannot hold is rounded, as Terraform does it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    /// Every integer that fits, so that equal numbers have one representation.
    Integer(i64),
    /// Anything else that is finite: the shortest decimal that Terraform reads as this number, without zeros at its end.
    Decimal(Box<BigDecimal>),
    /// Positive or negative infinity.
    Infinity { negative: bool },
}

/// Why a text or a float is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text does not spell a decimal number.
    Syntax(String),
    /// The number is finite but larger or smaller than this library handles.
    TooLarge,
    /// The float is not a number.
    NotANumber,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) => write!(f, "{text:?} is not a decimal number"),
            Self::TooLarge => write!(f, "the number has an exponent beyond 10^±{EXPONENT_LIMIT}"),
            Self::NotANumber => f.write_str("the number is NaN, which Terraform does not have"),
        }
    }
}

impl std::error::Error for NumberError {}

impl Number {
    /// Reads decimal text such as `12`, `-0.5` or `1e400`.
    ///
    /// # Errors
    /// When the text is not a decimal number, or its exponent is beyond ±100,000.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        if let Ok(integer) = text.parse::<i64>() {
            return Ok(Self(Repr::Integer(integer)));
        }
        let syntax = || NumberError::Syntax(text.chars().take(40).collect());
        // `BigDecimal` would take underscores too.
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        {
            return Err(syntax());
        }
        if text.len() > TEXT_LIMIT {
            return Err(NumberError::TooLarge);
        }
        if let Some((_, exponent)) = text.split_once(['e', 'E']) {
            let digits = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
            if digits.len() > 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(NumberError::TooLarge);
            }
        }
        let decimal: BigDecimal = text.parse().map_err(|_| syntax())?;
        Self::from_decimal(&decimal)
    }

    /// Takes a float at exactly its binary value, so that `0.1f64` is not one tenth.
    ///
    /// # Errors
    /// When the float is NaN.
    pub fn from_f64(float: f64) -> Result<Self, NumberError> {
        if float.is_nan() {
            return Err(NumberError::NotANumber);
        }
        if float.is_infinite() {
            return Ok(Self(Repr::Infinity {
                negative: float < 0.0,
            }));
        }
        let decimal = BigDecimal::try_from(float).map_err(|_| NumberError::NotANumber)?;
        Self::from_decimal(&decimal)
    }

    pub(crate) fn from_decimal(decimal: &BigDecimal) -> Result<Self, NumberError> {
        let normalized = decimal.normalized();
        let length = i64::try_from(normalized.digits()).map_err(|_| NumberError::TooLarge)?;
        let exponent = length - 1 - normalized.fractional_digit_count();
        if exponent.abs() > EXPONENT_LIMIT {
            return Err(NumberError::TooLarge);
        }
        let shortest = precision::shortest(normalized);
        let (digits, scale) = shortest.as_bigint_and_exponent();
        if scale <= 0 && scale > -20 {
            let integer = digits * BigInt::from(10).pow(u32::try_from(-scale).unwrap_or_default());
            if let Some(integer) = integer.to_i64() {
                return Ok(Self(Repr::Integer(integer)));
            }
        }
        Ok(Self(Repr::Decimal(Box::new(shortest))))
    }

    /// The number as a 64-bit integer, if it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer),
            Repr::Decimal(_) | Repr::Infinity { .. } => None,
        }
    }

    /// The nearest 64-bit float.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest float is what is asked for"
    )]
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Integer(integer) => *integer as f64,
            Repr::Decimal(decimal) => decimal.to_string().parse().unwrap_or(f64::NAN),
            Repr::Infinity { negative: true } => f64::NEG_INFINITY,
            Repr::Infinity { negative: false } => f64::INFINITY,
        }
    }

    /// The float that has exactly this value, if there is one.
    #[must_use]
    pub fn as_exact_f64(&self) -> Option<f64> {
        let float = self.to_f64();
        if float.is_infinite() && !self.is_infinite() {
            return None;
        }
        (Self::from_f64(float).ok()? == *self).then_some(float)
    }

    pub(super) fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinity { .. })
    }

    /// The float whose shortest spelling is that of this number: one tenth has one, although no float is one tenth.
    pub(super) fn as_short_f64(&self) -> Option<f64> {
        let float = self.to_f64();
        (float.is_finite() && Self::parse(&format!("{float:e}")).as_ref() == Ok(self)).then_some(float)
    }

    /// Whether the number has no fraction. Infinities have none and are no integers.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Integer(_) => true,
            Repr::Decimal(decimal) => decimal.as_bigint_and_exponent().1 <= 0,
            Repr::Infinity { .. } => false,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        fn rank(number: &Number) -> i8 {
            match number.0 {
                Repr::Infinity { negative: true } => -1,
                Repr::Infinity { negative: false } => 1,
                Repr::Integer(_) | Repr::Decimal(_) => 0,
            }
        }
        fn decimal(number: &Number) -> BigDecimal {
            match &number.0 {
                Repr::Integer(integer) => BigDecimal::from(*integer),
                Repr::Decimal(decimal) => decimal.as_ref().clone(),
                Repr::Infinity { .. } => BigDecimal::from(0),
            }
        }
        match (&self.0, &other.0) {
            (Repr::Integer(left), Repr::Integer(right)) => left.cmp(right),
            _ => rank(self)
                .cmp(&rank(other))
                .then_with(|| decimal(self).cmp(&decimal(other))),
        }
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Repr::Integer(integer))
    }
}

impl From<u64> for Number {
    fn from(integer: u64) -> Self {
        match i64::try_from(integer) {
            Ok(integer) => Self(Repr::Integer(integer)),
            Err(_) => Self(Repr::Decimal(Box::new(BigDecimal::from(integer).normalized()))),
        }
    }
}

/// Decimal text that [`Number::parse`] and Go's `big.ParseFloat` read back as the same number; infinities as Go
/// spells them.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => write!(f, "{integer}"),
            Repr::Infinity { negative } => f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Repr::Decimal(decimal) => {
                let (digits, scale) = decimal.as_bigint_and_exponent();
                if (-40..=400).contains(&scale) {
                    f.write_str(&decimal.to_plain_string())
                } else {
                    write!(f, "{digits}e{}", -scale)
                }
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::Number;

    #[test]
    fn equal_values_are_equal_in_any_spelling() {
        for (left, right) in [("1", "1.0"), ("1e3", "1000"), ("0.10", "1e-1"), ("-0", "0")] {
            assert_eq!(
                Number::parse(left).unwrap(),
                Number::parse(right).unwrap(),
                "{left} {right}"
            );
        }
        assert_ne!(Number::parse("0.1").unwrap(), Number::from_f64(0.1).unwrap());
        assert_eq!(Number::parse("0.5").unwrap(), Number::from_f64(0.5).unwrap());
        assert_eq!(
            Number::parse("18446744073709551615").unwrap(),
            Number::from(u64::MAX)
        );
    }

    #[test]
    fn text_round_trips() {
        for text in [
            "0",
            "-7",
            "0.1",
            "123456789012345678901234567890",
            "1e400",
            "-3e-900",
            "0.000001",
        ] {
            let number = Number::parse(text).unwrap();
            assert_eq!(Number::parse(&number.to_string()).unwrap(), number, "{text}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        for text in [
            "1e100001",
            "1e99999999999999999999",
            "1e-100001",
            "",
            "one",
            "1..2",
            "0x10",
            "1_000",
            ".",
            "1e",
        ] {
            assert!(Number::parse(text).is_err(), "{text}");
        }
    }

    /// The limit is on the size of the number, and not on that of its last digit.
    #[test]
    fn what_is_within_the_limit_is_within_it_in_any_spelling() {
        for (left, right) in [
            ("1.5e-100000", format!("0.{}15", "0".repeat(99_999))),
            ("15e99999", format!("15{}", "0".repeat(99_999))),
            ("1e+0000001", "10".to_owned()),
        ] {
            assert_eq!(
                Number::parse(left).unwrap(),
                Number::parse(&right).unwrap(),
                "{left}"
            );
        }
    }

    #[test]
    fn order_is_numeric() {
        let ordered = [
            "-1e300",
            "-2",
            "0.5",
            "1",
            "1.5",
            "9223372036854775807",
            "9223372036854775808",
        ];
        for pair in ordered.windows(2) {
            assert!(
                Number::parse(pair[0]).unwrap() < Number::parse(pair[1]).unwrap(),
                "{pair:?}"
            );
        }
        assert!(Number::from_f64(f64::NEG_INFINITY).unwrap() < Number::parse("-1e300").unwrap());
    }

    #[test]
    fn exact_floats_are_known() {
        assert_eq!(Number::parse("0.25").unwrap().as_exact_f64(), Some(0.25));
        assert_eq!(Number::parse("0.1").unwrap().as_exact_f64(), None);
        assert_eq!(Number::parse("1e400").unwrap().as_exact_f64(), None);
    }
}
