//! Ready-made rules for values, to be named in `#[attr(validate = …)]`.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::sync::OnceLock;

use regex_lite::Regex;

use crate::schema::{Constraint, Validator};
use crate::value::{Number, Value};

/// One of the given texts, numbers or bools.
#[must_use]
pub fn one_of<T>(choices: &'static [T]) -> impl Validator
where
    T: Copy + Into<Value> + fmt::Display + fmt::Debug + Send + Sync,
{
    OneOf(choices)
}

/// A text, or a collection, of `minimum` to `maximum` characters or elements.
#[must_use]
pub fn length(minimum: usize, maximum: usize) -> impl Validator {
    Length { minimum, maximum }
}

/// A text that `accepts` returns true for; `expected` ends the sentence "The value must be …".
#[must_use]
pub fn text(expected: &'static str, accepts: fn(&str) -> bool) -> impl Validator {
    Text { expected, accepts }
}

/// A number in a range: `range(1..=65535)`, `range(0..)`, `range(..100)`.
#[must_use]
pub fn range<N: Into<Number> + Clone>(bounds: impl RangeBounds<N>) -> impl Validator {
    let number = |bound: Bound<&N>| bound.map(|number| number.clone().into());
    Range {
        from: number(bounds.start_bound()),
        to: number(bounds.end_bound()),
    }
}

/// A text that the regular expression finds a match in; `^` and `$` bind it to the whole text. `expected` ends the sentence
/// "The value must be …". The syntax is that of the crate `regex-lite`, where `\w`, `\d` and `\s` are ASCII.
#[must_use]
pub fn pattern(pattern: &'static str, expected: &'static str) -> impl Validator {
    Pattern {
        source: pattern,
        expected,
        compiled: OnceLock::new(),
    }
}

/// A collection of which each element satisfies the rule.
#[must_use]
pub fn each(rule: impl Validator) -> impl Validator {
    Each(rule)
}

#[derive(Debug)]
struct OneOf<T: 'static>(&'static [T]);

impl<T: Copy + Into<Value> + fmt::Display + fmt::Debug + Send + Sync> Validator for OneOf<T> {
    fn expected(&self) -> String {
        let quoted: Vec<_> = self.0.iter().map(|choice| format!("`{choice}`")).collect();
        format!("one of {}", quoted.join(", "))
    }

    fn accepts(&self, value: &Value) -> bool {
        self.0.iter().any(|choice| (*choice).into() == *value)
    }

    fn constraint(&self) -> Option<Constraint> {
        Some(Constraint::OneOf(
            self.0.iter().map(|choice| (*choice).into()).collect(),
        ))
    }
}

#[derive(Debug)]
struct Range {
    from: Bound<Number>,
    to: Bound<Number>,
}

impl Validator for Range {
    fn expected(&self) -> String {
        match (&self.from, &self.to) {
            (Bound::Included(from), Bound::Included(to)) => format!("from {from} to {to}"),
            (from, to) => {
                let from = match from {
                    Bound::Included(from) => Some(format!("at least {from}")),
                    Bound::Excluded(from) => Some(format!("more than {from}")),
                    Bound::Unbounded => None,
                };
                let to = match to {
                    Bound::Included(to) => Some(format!("at most {to}")),
                    Bound::Excluded(to) => Some(format!("less than {to}")),
                    Bound::Unbounded => None,
                };
                let ends: Vec<_> = from.into_iter().chain(to).collect();
                if ends.is_empty() {
                    "a number".to_owned()
                } else {
                    ends.join(" and ")
                }
            }
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => (self.from.clone(), self.to.clone()).contains(number),
            _ => true,
        }
    }

    fn constraint(&self) -> Option<Constraint> {
        Some(Constraint::Range {
            from: self.from.clone(),
            to: self.to.clone(),
        })
    }
}

#[derive(Debug)]
struct Pattern {
    source: &'static str,
    expected: &'static str,
    compiled: OnceLock<Result<Regex, regex_lite::Error>>,
}

impl Pattern {
    fn compiled(&self) -> &Result<Regex, regex_lite::Error> {
        self.compiled.get_or_init(|| Regex::new(self.source))
    }
}

impl Validator for Pattern {
    fn expected(&self) -> String {
        self.expected.to_owned()
    }

    fn accepts(&self, value: &Value) -> bool {
        match (value, self.compiled()) {
            (Value::String(text), Ok(pattern)) => pattern.is_match(text),
            _ => true,
        }
    }

    fn problem(&self) -> Option<String> {
        let error = self.compiled().as_ref().err()?;
        Some(format!("{:?} is no regular expression: {error}", self.source))
    }

    fn constraint(&self) -> Option<Constraint> {
        Some(Constraint::Pattern(self.source))
    }
}

#[derive(Debug)]
struct Each<R>(R);

impl<R: Validator> Validator for Each<R> {
    fn expected(&self) -> String {
        format!("a collection of which each element is {}", self.0.expected())
    }

    fn accepts(&self, value: &Value) -> bool {
        let accepts = |element: &Value| element.is_null() || element.is_unknown() || self.0.accepts(element);
        match value {
            Value::Sequence(elements) => elements.iter().all(accepts),
            Value::Mapping(elements) => elements.values().all(accepts),
            _ => true,
        }
    }

    fn problem(&self) -> Option<String> {
        self.0.problem()
    }

    fn constraint(&self) -> Option<Constraint> {
        Some(Constraint::Each(Box::new(self.0.constraint()?)))
    }
}

#[derive(Debug)]
struct Length {
    minimum: usize,
    maximum: usize,
}

impl Validator for Length {
    fn expected(&self) -> String {
        match (self.minimum, self.maximum) {
            (1, usize::MAX) => "not empty".to_owned(),
            (minimum, usize::MAX) => format!("at least {minimum} long"),
            (minimum, maximum) => format!("{minimum} to {maximum} long"),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        let length = match value {
            Value::String(text) => text.chars().count(),
            Value::Sequence(elements) => elements.len(),
            Value::Mapping(elements) => elements.len(),
            _ => return true,
        };
        (self.minimum..=self.maximum).contains(&length)
    }

    fn constraint(&self) -> Option<Constraint> {
        Some(Constraint::Length {
            minimum: self.minimum,
            maximum: self.maximum,
        })
    }
}

struct Text {
    expected: &'static str,
    accepts: fn(&str) -> bool,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text")
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

impl Validator for Text {
    fn expected(&self) -> String {
        self.expected.to_owned()
    }

    fn accepts(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => (self.accepts)(text),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{each, length, one_of, pattern, range};
    use crate::schema::Validator;
    use crate::value::{Number, Type, Value};

    #[expect(clippy::needless_pass_by_value, reason = "rules are written in place")]
    fn judge(rule: impl Validator, accepted: &[Value], refused: &[Value], expected: &str) {
        assert_eq!(rule.expected(), expected);
        assert_eq!(rule.problem(), None);
        for value in accepted {
            assert!(rule.accepts(value), "{value:?} {expected}");
        }
        for value in refused {
            assert!(!rule.accepts(value), "{value:?} {expected}");
        }
    }

    fn texts(texts: &[&str]) -> Value {
        Value::Sequence(texts.iter().map(|text| (*text).into()).collect())
    }

    #[test]
    fn texts_and_collections_have_a_length() {
        judge(
            length(1, 2),
            &["ää".into(), texts(&["a"])],
            &["".into(), "äää".into(), texts(&[])],
            "1 to 2 long",
        );
    }

    #[test]
    fn one_of_texts_or_numbers() {
        judge(
            one_of(&["a", "b"]),
            &["a".into()],
            &["c".into(), 1.into()],
            "one of `a`, `b`",
        );
        judge(one_of(&[1_i64, 2]), &[2.into()], &[3.into()], "one of `1`, `2`");
    }

    #[test]
    fn numbers_are_in_ranges() {
        let half = Number::parse("2.5").map(Value::Number).ok();
        judge(
            range(1_i64..=2),
            &[1.into(), 2.into()],
            &[0.into(), 3.into()],
            "from 1 to 2",
        );
        judge(range(1_i64..), &[9.into()], &[0.into()], "at least 1");
        judge(range(..3_i64), &[2.into()], &[3.into()], "less than 3");
        judge(
            range(1_i64..3),
            half.as_slice(),
            &[3.into()],
            "at least 1 and less than 3",
        );
    }

    #[test]
    fn texts_match_patterns() {
        judge(
            pattern("^[a-z]+$", "lowercase letters"),
            &["abc".into()],
            &["a1".into()],
            "lowercase letters",
        );
        let broken = pattern("(", "anything");
        assert!(
            broken
                .problem()
                .is_some_and(|problem| problem.contains("no regular expression"))
        );
        assert!(each(broken).problem().is_some());
    }

    #[test]
    fn elements_are_judged_one_by_one() {
        let open = Value::Sequence(vec!["a".into(), Value::UNKNOWN]);
        let expected = "a collection of which each element is one of `a`";
        judge(
            each(one_of(&["a"])),
            &[texts(&["a", "a"]), open],
            &[texts(&["a", "b"])],
            expected,
        );
        assert!(each(one_of(&["a"])).accepts(&Value::dynamic(Type::Bool, true.into())));
    }
}
