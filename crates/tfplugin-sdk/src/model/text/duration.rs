//! Durations as Go spells them.

use std::fmt;

use super::Text;
use crate::model::parse_duration;

/// A duration as Go spells it, such as `90s` or `1h30m`. Two that are as long mean the same.
#[derive(Clone, Debug)]
pub struct Duration {
    text: String,
    length: std::time::Duration,
}

impl Duration {
    /// How long it is.
    #[must_use]
    pub fn length(&self) -> std::time::Duration {
        self.length
    }
}

/// By length.
impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Text for Duration {
    const EXPECTED: &'static str = "a duration such as `30s`, `10m` or `1h30m`";

    fn parse(text: &str) -> Option<Self> {
        Some(Self {
            length: parse_duration(text)?,
            text: text.to_owned(),
        })
    }

    fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Text};

    #[test]
    fn as_long_is_the_same() {
        for (left, right, same) in [
            ("90s", "1m30s", true),
            ("1.5m", "90s", true),
            ("1m", "1ms", false),
        ] {
            assert_eq!(
                Duration::parse(left) == Duration::parse(right),
                same,
                "{left} {right}"
            );
        }
        assert_eq!(Duration::parse("soon"), None);
    }
}
