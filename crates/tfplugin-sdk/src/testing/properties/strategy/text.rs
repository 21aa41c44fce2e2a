//! Texts: plain words, wild ones with what Unicode and configurations find hard, and those that have a form.

use proptest::prelude::*;
use proptest::string::string_regex;
use unicode_normalization::UnicodeNormalization;

use super::Values;
use crate::model::{Duration, JsonString, Quantity, Text};
use crate::schema::Constraint;

/// What wild texts are made of.
const PIECES: [&str; 22] = [
    "a",
    "b",
    "Z",
    "0",
    " ",
    "-",
    ".",
    "/",
    "\"",
    "\\",
    "\n",
    "\t",
    "${",
    "%{",
    "<&>",
    "\u{2028}",
    "ß",
    "é",
    "e\u{301}",
    "한",
    "😀",
    "\u{10ffff}",
];

/// How much longer than the shortest a text becomes.
const EXTENT: usize = 8;

/// A text that satisfies what can be said of it.
pub(super) fn text(constraints: &[Constraint], expected: &[String], wild: bool) -> Values {
    if let Some(form) = expected.iter().find_map(|expected| form(expected)) {
        return values(form);
    }
    let pattern = constraints.iter().find_map(|constraint| match constraint {
        Constraint::Pattern(pattern) => matching(pattern),
        _ => None,
    });
    if let Some(pattern) = pattern {
        return values(pattern);
    }
    let (minimum, maximum) = super::lengths(constraints, EXTENT);
    values(any_text(minimum, maximum, wild))
}

/// The key of a map, or a name.
pub(super) fn key(wild: bool) -> BoxedStrategy<String> {
    any_text(1, 3, wild)
}

fn any_text(minimum: usize, maximum: usize, wild: bool) -> BoxedStrategy<String> {
    if wild {
        let pieces = proptest::collection::vec(proptest::sample::select(&PIECES[..]), minimum..=maximum);
        // Core composes whatever text it is given, so that no provider sees another form.
        pieces.prop_map(|pieces| pieces.concat().nfc().collect()).boxed()
    } else {
        let letters = proptest::collection::vec(proptest::char::range('a', 'z'), minimum..=maximum);
        letters.prop_map(String::from_iter).boxed()
    }
}

/// Texts in which the pattern finds a match. `None` if it says what cannot be made.
fn matching(pattern: &str) -> Option<BoxedStrategy<String>> {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = match pattern.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => pattern,
    };
    // The classes are ASCII in validators, and all of Unicode here.
    let pattern = pattern
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace(r"\s", r"[ \t\n]");
    Some(string_regex(&pattern).ok()?.boxed())
}

/// The texts that have a meaning of their own in this SDK. A schema knows them by what it says that they must be.
fn form(expected: &str) -> Option<BoxedStrategy<String>> {
    let is = |form: &str| expected.ends_with(form);
    let pattern = if is(Quantity::EXPECTED) {
        "(0|[1-9][0-9]{0,3})(m|k|M|Ki|Mi|)"
    } else if is(Duration::EXPECTED) {
        "[1-9][0-9]{0,2}(ms|s|m|h)"
    } else if is(JsonString::EXPECTED) {
        r#"\[ ?(1|1\.0|"a"|null)? ?\]|\{ ?("a" ?: ?(true|\{\}))? ?\}|"b"|[0-9]"#
    } else {
        return None;
    };
    Some(string_regex(pattern).ok()?.boxed())
}

fn values(texts: BoxedStrategy<String>) -> Values {
    texts.prop_map(|text| Ok(text.into())).boxed()
}
