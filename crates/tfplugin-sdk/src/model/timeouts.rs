//! The `timeouts` block that resources share.

use std::time::Duration;

use crate::model::Optional;
use crate::validators;

/// How long an operation may take, as Go spells durations: `30s`, `10m`, `1h30m`.
#[derive(Clone, Debug, Default, PartialEq, crate::Object)]
pub struct Timeouts {
    /// How long creating may take, for example `10m`.
    #[attr(validate = duration())]
    pub create: Optional<String>,
    /// How long updating may take, for example `10m`.
    #[attr(validate = duration())]
    pub update: Optional<String>,
    /// How long deleting may take, for example `10m`.
    #[attr(validate = duration())]
    pub delete: Optional<String>,
}

fn duration() -> impl crate::schema::Validator {
    validators::text("a duration such as `30s`, `10m` or `1h30m`", |text| {
        parse_duration(text).is_some()
    })
}

/// Reads a duration as Go spells it: numbers, each with a unit of `h`, `m`, `s` or `ms`. `None` if it is none.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        // The longer unit first, so that "ms" is not read as minutes.
        let (unit, seconds) = [("ms", 0.001), ("h", 3600.0), ("m", 60.0), ("s", 1.0)]
            .into_iter()
            .find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse_duration;

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(parse_duration("1h30m"), Some(Duration::from_mins(90)));
        assert_eq!(parse_duration("1.5m500ms"), Some(Duration::from_millis(90_500)));
        for text in ["", "10", "m", "10x", "-1s", "1h 30m", "1e9h"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
