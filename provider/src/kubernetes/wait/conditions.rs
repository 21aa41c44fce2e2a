//! What to wait for: the rules of the kind, and whatever the user asks of conditions and fields.

use jsonpath_rust::{
    parser::{model::JpQuery, parse_json_path},
    query::js_path_process,
};
use regex::Regex;
use serde_json::Value;

use super::status::{Status, condition, status_of, words};

/// What must hold before a wait ends.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Ready by the rules of its kind.
    pub rollout: bool,
    /// Conditions that the object must have.
    pub conditions: Vec<ConditionWanted>,
    /// Fields that the object must have.
    pub fields: Vec<FieldWanted>,
}

/// A condition and the status it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionWanted {
    /// Its type, such as `Ready`.
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
}

/// A field and what it must be.
#[derive(Clone, Debug)]
pub struct FieldWanted {
    path: String,
    query: JpQuery,
    test: FieldTest,
}

#[derive(Clone, Debug)]
enum FieldTest {
    Equals(String),
    Matches(Regex),
}

/// A field that cannot be waited for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldWantedError {
    /// Not a JSON path.
    #[error(
        "`{path}` is not a JSON path: {problem}. Expected one such as `status.phase` or `status.items[0].name`"
    )]
    Path {
        /// What was given.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// Not a regular expression.
    #[error("`{pattern}` is not a regular expression: {problem}")]
    Pattern {
        /// What was given.
        pattern: String,
        /// What is wrong.
        problem: String,
    },
}

impl FieldWanted {
    /// The field at `path` must be `value`; numbers and booleans count by their text.
    pub fn equals(path: &str, value: impl Into<String>) -> Result<Self, FieldWantedError> {
        Self::new(path, FieldTest::Equals(value.into()))
    }

    /// The field at `path` must match a regular expression, which `^` and `$` anchor.
    pub fn matches(path: &str, pattern: &str) -> Result<Self, FieldWantedError> {
        let regex = Regex::new(pattern).map_err(|problem| FieldWantedError::Pattern {
            pattern: pattern.to_owned(),
            problem: problem.to_string(),
        })?;
        Self::new(path, FieldTest::Matches(regex))
    }

    /// Takes paths as kubectl writes them (`{.status.phase}`), bare (`status.phase`), and by RFC 9535 (`$.status.phase`).
    fn new(path: &str, test: FieldTest) -> Result<Self, FieldWantedError> {
        let trimmed = path.trim();
        let bare = trimmed
            .strip_prefix('{')
            .and_then(|inner| inner.strip_suffix('}'))
            .unwrap_or(trimmed)
            .trim();
        let standard = match bare.as_bytes().first() {
            Some(b'$') => bare.to_owned(),
            Some(b'.' | b'[') => format!("${bare}"),
            _ => format!("$.{bare}"),
        };
        let query = parse_json_path(&standard).map_err(|problem| FieldWantedError::Path {
            path: path.to_owned(),
            problem: problem
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .trim()
                .to_owned(),
        })?;
        Ok(Self {
            path: bare.to_owned(),
            query,
            test,
        })
    }

    fn unmet(&self, object: &Value) -> Option<String> {
        let found = js_path_process(&self.query, object).unwrap_or_default();
        let texts: Vec<String> = found.into_iter().map(|found| text_of(found.val())).collect();
        let accepts = |text: &String| match &self.test {
            FieldTest::Equals(wanted) => text == wanted,
            FieldTest::Matches(pattern) => pattern.is_match(text),
        };
        if !texts.is_empty() && texts.iter().all(accepts) {
            return None;
        }
        let wanted = match &self.test {
            FieldTest::Equals(wanted) => format!("`{wanted}`"),
            FieldTest::Matches(pattern) => format!("a match of `{pattern}`"),
        };
        let found = if texts.is_empty() {
            "missing".to_owned()
        } else {
            format!("`{}`", texts.join("`, `"))
        };
        Some(format!("its field `{}` is {found}; wanted {wanted}", self.path))
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl ConditionWanted {
    fn unmet(&self, object: &Value) -> Option<String> {
        let Self { kind, status } = self;
        let Some(found) = condition(object, kind) else {
            return Some(format!("it has no condition `{kind}` yet; wanted `{status}`"));
        };
        let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
        if found["observedGeneration"]
            .as_i64()
            .is_some_and(|observed| observed < generation)
        {
            return Some(format!("its condition `{kind}` is of an older version"));
        }
        let found_status = found["status"].as_str().unwrap_or("Unknown");
        (found_status != status).then(|| {
            format!(
                "its condition `{kind}` is `{found_status}` ({}); wanted `{status}`",
                words(found)
            )
        })
    }
}

impl Conditions {
    /// How far the object is.
    #[must_use]
    pub fn status(&self, object: &Value) -> Status {
        if self.rollout {
            match status_of(object) {
                Status::Ready => {}
                unready => return unready,
            }
        } else if object["metadata"]["deletionTimestamp"].is_string() {
            return Status::Failed("it is being deleted".to_owned());
        }
        let unmet_condition = self
            .conditions
            .iter()
            .find_map(|condition| condition.unmet(object));
        let unmet = unmet_condition.or_else(|| self.fields.iter().find_map(|field| field.unmet(object)));
        unmet.map_or(Status::Ready, Status::InProgress)
    }

    /// Whether there is nothing to wait for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.rollout && self.conditions.is_empty() && self.fields.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn object() -> Value {
        json!({
            "metadata": {"name": "a", "generation": 3, "annotations": {"x.org/y": "z"}},
            "status": {
                "phase": "Running", "replicas": 2, "ok": true, "items": [{"name": "a"}, {"name": "b"}],
                "conditions": [
                    {"type": "Ready", "status": "False", "reason": "Why"},
                    {"type": "Old", "status": "True", "observedGeneration": 2},
                    {"type": "New", "status": "True", "observedGeneration": 3},
                ],
            },
        })
    }

    fn missing(field: Result<FieldWanted, FieldWantedError>) -> Option<String> {
        field.unwrap().unmet(&object())
    }

    #[test]
    fn fields_by_the_usual_spellings() {
        for path in [
            "status.phase",
            "{.status.phase}",
            ".status.phase",
            "$.status.phase",
            "$['status']['phase']",
        ] {
            assert_eq!(missing(FieldWanted::equals(path, "Running")), None, "{path}");
        }
        assert_eq!(missing(FieldWanted::equals("status.replicas", "2")), None);
        assert_eq!(missing(FieldWanted::equals("status.ok", "true")), None);
        assert_eq!(
            missing(FieldWanted::equals("metadata.annotations['x.org/y']", "z")),
            None
        );
        assert_eq!(
            missing(FieldWanted::matches("status.items[*].name", "^[ab]$")),
            None
        );
        let path = "status.conditions[?(@.type=='Ready')].status";
        assert_eq!(missing(FieldWanted::equals(path, "False")), None);
    }

    #[test]
    fn unmet_fields_say_what_they_are() {
        let text = missing(FieldWanted::equals("status.phase", "Done"));
        assert_eq!(
            text.unwrap(),
            "its field `status.phase` is `Running`; wanted `Done`"
        );
        let text = missing(FieldWanted::matches("{.status.nothing}", ".*"));
        assert_eq!(
            text.unwrap(),
            "its field `.status.nothing` is missing; wanted a match of `.*`"
        );
        let text = missing(FieldWanted::matches("status.items[*].name", "^a$"));
        assert_eq!(
            text.unwrap(),
            "its field `status.items[*].name` is `a`, `b`; wanted a match of `^a$`"
        );
        assert!(matches!(
            FieldWanted::equals("status..[", "x"),
            Err(FieldWantedError::Path { .. })
        ));
        assert!(matches!(
            FieldWanted::matches("status", "("),
            Err(FieldWantedError::Pattern { .. })
        ));
    }

    #[test]
    fn wanted_conditions() {
        let unmet = |kind: &str, status: &str| {
            ConditionWanted {
                kind: kind.to_owned(),
                status: status.to_owned(),
            }
            .unmet(&object())
        };
        assert_eq!(unmet("Ready", "False"), None);
        assert_eq!(unmet("New", "True"), None);
        assert_eq!(
            unmet("Ready", "True").unwrap(),
            "its condition `Ready` is `False` (Why); wanted `True`"
        );
        assert_eq!(
            unmet("Old", "True").unwrap(),
            "its condition `Old` is of an older version"
        );
        assert_eq!(
            unmet("None", "True").unwrap(),
            "it has no condition `None` yet; wanted `True`"
        );
    }

    #[test]
    fn everything_must_hold() {
        let mut wanted = Conditions::default();
        assert!(wanted.is_empty());
        assert_eq!(wanted.status(&object()), Status::Ready);
        wanted
            .fields
            .push(FieldWanted::equals("status.phase", "Running").unwrap());
        assert_eq!(wanted.status(&object()), Status::Ready);
        wanted.conditions.push(ConditionWanted {
            kind: "Ready".to_owned(),
            status: "True".to_owned(),
        });
        assert!(matches!(wanted.status(&object()), Status::InProgress(_)));
        let mut leaving = object();
        leaving["metadata"]["deletionTimestamp"] = json!("now");
        assert!(matches!(wanted.status(&leaving), Status::Failed(_)));
    }
}
