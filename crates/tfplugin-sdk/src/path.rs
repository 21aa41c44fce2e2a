//! Where in a value something is: the path that a diagnostic or a replacement names.

use std::fmt;

/// A path from the root of a resource's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into an attribute or block of an object.
    Attribute(String),
    /// Into an element of a map.
    Key(String),
    /// Into an element of a list or tuple.
    Index(i64),
}

impl Path {
    /// The path of an attribute or block at the root.
    #[must_use]
    pub fn attribute(name: impl Into<String>) -> Self {
        Self(vec![Step::Attribute(name.into())])
    }

    /// The path one step further.
    #[must_use]
    pub fn join(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// The path some steps further, or none.
    #[must_use]
    pub fn join_all(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.0.extend(steps);
        self
    }

    /// The path of an attribute of the object that this path leads to.
    #[must_use]
    pub fn child(self, name: impl Into<String>) -> Self {
        self.join(Step::Attribute(name.into()))
    }

    /// The path one step earlier, for an error found further in.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The steps, from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the root itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Path {
    fn from(attribute: &str) -> Self {
        Self::attribute(attribute)
    }
}

/// The path as configuration spells it: `rule[0].match["key"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Step};

    #[test]
    fn paths_read_like_configuration() {
        let path = Path::attribute("rule")
            .join(Step::Index(0))
            .child("match")
            .join(Step::Key("a b".into()));
        assert_eq!(path.to_string(), r#"rule[0].match["a b"]"#);
    }
}
