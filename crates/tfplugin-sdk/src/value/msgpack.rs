//! The msgpack form of a value, directed by its type, as `cty` writes and reads it.

mod decode;
mod encode;

pub use self::{decode::decode, encode::encode};

/// The extension code of an unknown value with refinements. Any other code is an unknown value without.
const REFINED: i8 = 12;

/// The integer keys of a refinements map.
mod refinement_key {
    pub(super) const NULL: i64 = 1;
    pub(super) const STRING_PREFIX: i64 = 2;
    pub(super) const NUMBER_LOWER: i64 = 3;
    pub(super) const NUMBER_UPPER: i64 = 4;
    pub(super) const LENGTH_LOWER: i64 = 5;
    pub(super) const LENGTH_UPPER: i64 = 6;
}

#[cfg(test)]
mod tests;
