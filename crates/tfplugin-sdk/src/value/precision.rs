//! The numbers that `cty` can hold, which are binary with 512 bits, and one decimal for each of them.
//!
//! Whatever `cty` is given it rounds to these, and it spells them by as few digits as tell them apart. Two decimals that
//! it takes for the same number must be the same here: a number that went to Terraform and came back is no other one.

use bigdecimal::BigDecimal;
use num_bigint::BigInt;
use num_traits::{One, Signed};

/// The bits of a number, beside its exponent.
const BITS: u64 = 512;

/// No two decimals of so many digits are rounded to the same 512 bits.
const DISTINCT_DIGITS: u32 = 153;

/// No two numbers of 512 bits are rounded to the same decimal of so many digits.
const SUFFICIENT_DIGITS: u32 = 156;

/// The shortest decimal that `cty` reads as the same number as `decimal`.
pub(super) fn shortest(decimal: BigDecimal) -> BigDecimal {
    if decimal.digits() <= u64::from(DISTINCT_DIGITS) {
        return decimal;
    }
    let (digits, scale) = decimal.as_bigint_and_exponent();
    let binary = Binary::nearest(&digits.abs(), scale);
    let (mantissa, scale) = (DISTINCT_DIGITS..SUFFICIENT_DIGITS)
        .map(|count| binary.rounded(count))
        .find(|(mantissa, scale)| Binary::nearest(mantissa, *scale) == binary)
        .unwrap_or_else(|| binary.rounded(SUFFICIENT_DIGITS));
    BigDecimal::new(mantissa * digits.signum(), scale).normalized()
}

/// `mantissa · 2^exponent`, the mantissa being odd, so that each number is one pair.
#[derive(PartialEq)]
struct Binary {
    mantissa: BigInt,
    exponent: i64,
}

impl Binary {
    /// The number of 512 bits that is nearest to `digits · 10^-scale`, which is positive.
    fn nearest(digits: &BigInt, scale: i64) -> Self {
        let (above, below) = match power_of_ten(scale) {
            power if scale > 0 => (digits.clone(), power),
            power => (digits * power, BigInt::one()),
        };
        let mut exponent = length(&above) - length(&below) - length_of(BITS);
        let (mut above, mut below) = shifted(above, below, -exponent);
        if above >= &below << BITS {
            exponent += 1;
            (above, below) = shifted(above, below, -1);
        }
        let mantissa = quotient(&above, &below);
        let even = mantissa.trailing_zeros().unwrap_or_default();
        Self {
            mantissa: mantissa >> even,
            exponent: exponent + length_of(even),
        }
    }

    /// The nearest decimal of `count` digits, as `digits · 10^-scale`.
    fn rounded(&self, count: u32) -> (BigInt, i64) {
        let (least, end) = (power_of_ten(i64::from(count) - 1), power_of_ten(i64::from(count)));
        // A digit has log2(10) bits, and the estimate is wrong by one at most.
        let places = (length(&self.mantissa) + self.exponent) * 30_103 / 100_000;
        let mut scale = i64::from(count) - places;
        loop {
            let digits = self.scaled(scale);
            if digits >= end {
                scale -= 1;
            } else if digits < least {
                scale += 1;
            } else {
                return (digits, scale);
            }
        }
    }

    /// The integer nearest to the number times `10^scale`.
    fn scaled(&self, scale: i64) -> BigInt {
        let power = power_of_ten(scale);
        let (above, below) = if scale > 0 {
            (&self.mantissa * power, BigInt::one())
        } else {
            (self.mantissa.clone(), power)
        };
        let (above, below) = shifted(above, below, self.exponent);
        quotient(&above, &below)
    }
}

/// `10^|exponent|`.
fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX))
}

/// The fraction `above / below` times `2^by`.
fn shifted(above: BigInt, below: BigInt, by: i64) -> (BigInt, BigInt) {
    if by >= 0 {
        (above << by, below)
    } else {
        (above, below << by.unsigned_abs())
    }
}

/// The integer nearest to `above / below`, an even one if two are as near.
fn quotient(above: &BigInt, below: &BigInt) -> BigInt {
    let whole = above / below;
    let twice_the_rest: BigInt = (above - &whole * below) << 1;
    match twice_the_rest.cmp(below) {
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal if whole.bit(0) => whole + 1,
        _ => whole,
    }
}

fn length(number: &BigInt) -> i64 {
    length_of(number.bits())
}

/// Lengths in bits are far below the end of either type.
fn length_of(bits: u64) -> i64 {
    i64::try_from(bits).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use num_bigint::BigInt;

    use crate::value::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    fn power_of_two(exponent: u32) -> BigInt {
        BigInt::from(2).pow(exponent)
    }

    /// 2^1000, and how go-cty 1.20 writes it: by as many digits as it needs, and zeros.
    #[test]
    fn a_large_number_that_comes_back_is_the_same() {
        let digits = "10715086071862673209484250490600018105614048117055336074437503883703510511249361224931983788156958581275946729175531468251871452856923140435984577574698575";
        let sent = power_of_two(1000).to_string();
        let back = format!("{digits}{}", "0".repeat(sent.len() - digits.len()));
        assert_ne!(sent, back);
        assert_eq!(number(&sent), number(&back));
    }

    #[test]
    fn what_512_bits_cannot_hold_is_rounded() {
        let third = |digits| number(&format!("0.{}", "3".repeat(digits)));
        assert_ne!(third(152), third(153));
        assert_ne!(third(153), third(154));
        assert_eq!(third(200), third(300));
        let almost = number(&format!("0.1{}1", "0".repeat(200)));
        assert_eq!(almost.to_string(), "0.1");
        let integer = number(&format!("{}.5", "7".repeat(160)));
        assert!(integer.is_integer(), "{integer}");
    }

    /// 2^512 + 1 is as near to 2^512 as to 2^512 + 2, and 2^512 + 3 as near to that as to 2^512 + 4.
    #[test]
    fn a_tie_goes_to_the_even_number() {
        let beyond = |by: i64| number(&(power_of_two(512) + by).to_string());
        assert_eq!(beyond(1), beyond(0));
        assert_eq!(beyond(3), beyond(4));
        assert_ne!(beyond(2), beyond(0));
        assert_eq!(
            number(&(power_of_two(512) - 1_i64).to_string()).to_string().len(),
            155
        );
    }

    #[test]
    fn tiny_floats_stay_exact() {
        for float in [f64::MIN_POSITIVE, 5e-324, 4.2e-314, -1e-200] {
            let number = Number::from_f64(float).unwrap();
            assert_eq!(number.as_exact_f64(), Some(float));
            assert_eq!(Number::parse(&number.to_string()).unwrap(), number);
        }
    }
}
