//! From parser events to JSON values: mappings, sequences, anchors, aliases and merge keys.

use std::collections::BTreeMap;

use granit_parser::{Event, Marker, Parser, Span, StrInput, StructureStyle};
use serde_json::{Map, Value};

use super::scalar::{self, Scalar};
use super::{Document, YamlError, YamlProblem, number};

/// The most text that aliases may add to a document. No API server takes an object as large.
const EXPANSION_LIMIT: usize = 4 << 20;

type Next<'text> = (Event<'text>, Span);

/// A node that was read, before it is known whether it is a key or a value.
enum Node {
    Scalar { text: String, scalar: Scalar },
    Collection { value: Value, flow_mapping: bool },
}

pub(super) struct Builder<'text> {
    source_name: &'text str,
    text: &'text str,
    parser: Parser<'text, StrInput<'text>>,
    /// Values of finished anchors; an alias to an anchor that is not here stands inside it.
    anchors: BTreeMap<usize, Value>,
    expanded: usize,
}

impl<'text> Builder<'text> {
    pub(super) fn new(source_name: &'text str, text: &'text str) -> Self {
        let options = granit_parser::options! { emit_comments: false };
        Self {
            source_name,
            text,
            parser: Parser::new_from_str_with_options(text, options),
            anchors: BTreeMap::new(),
            expanded: 0,
        }
    }

    pub(super) fn documents(mut self) -> Result<Vec<Document>, YamlError> {
        let mut documents = Vec::new();
        while let Some((event, _)) = self.next()? {
            if let Event::DocumentStart(..) = event {
                self.anchors.clear();
                self.expanded = 0;
                let first = self.next_node()?;
                let line = first.1.start.line();
                let value = self.value(first)?;
                if !value.is_null() {
                    documents.push(Document { value, line });
                }
            }
        }
        Ok(documents)
    }

    fn next(&mut self) -> Result<Option<Next<'text>>, YamlError> {
        self.parser.next_event().transpose().map_err(|error| {
            let place = error.marker();
            let line = self
                .text
                .lines()
                .nth(place.line().saturating_sub(1))
                .unwrap_or_default();
            let problem = if line.contains("{{") {
                YamlProblem::Template
            } else {
                YamlProblem::Syntax(error.info())
            };
            self.error(*place, problem)
        })
    }

    fn next_node(&mut self) -> Result<Next<'text>, YamlError> {
        match self.next()? {
            Some(next) => Ok(next),
            None => Err(self.error(
                Marker::new(0, 1, 0),
                YamlProblem::Syntax("the text ends early".to_owned()),
            )),
        }
    }

    fn error(&self, place: Marker, problem: YamlProblem) -> YamlError {
        YamlError::new(self.source_name, self.text, place, problem)
    }

    /// Reads the value that begins with `first`.
    fn value(&mut self, first: Next<'text>) -> Result<Value, YamlError> {
        let place = first.1.start;
        match self.node(first)? {
            Node::Collection { value, .. }
            | Node::Scalar {
                scalar: Scalar::Json(value),
                ..
            } => Ok(value),
            Node::Scalar {
                text,
                scalar: Scalar::Merge,
            } => Ok(Value::String(text)),
            Node::Scalar {
                text,
                scalar: Scalar::NotFinite(_),
            } => Err(self.error(place, YamlProblem::NotFinite { value: text })),
        }
    }

    fn node(&mut self, (event, span): Next<'text>) -> Result<Node, YamlError> {
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor, span.start),
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = scalar::resolve(&text, style, tag.as_deref())
                    .map_err(|problem| self.error(span.start, problem))?;
                (
                    anchor,
                    Node::Scalar {
                        text: text.into_owned(),
                        scalar,
                    },
                )
            }
            Event::SequenceStart(_, anchor, _) => (
                anchor,
                Node::Collection {
                    value: self.sequence()?,
                    flow_mapping: false,
                },
            ),
            Event::MappingStart(style, anchor, _) => {
                let flow_mapping = style == StructureStyle::Flow;
                (
                    anchor,
                    Node::Collection {
                        value: self.mapping()?,
                        flow_mapping,
                    },
                )
            }
            _ => {
                return Err(self.error(
                    span.start,
                    YamlProblem::Syntax("a value is expected here".to_owned()),
                ));
            }
        };
        if anchor != 0
            && let Node::Collection { value, .. }
            | Node::Scalar {
                scalar: Scalar::Json(value),
                ..
            } = &node
        {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, place: Marker) -> Result<Node, YamlError> {
        let Some(value) = self.anchors.get(&anchor) else {
            return Err(self.error(place, YamlProblem::RecursiveAlias));
        };
        self.expanded += size(value);
        if self.expanded > EXPANSION_LIMIT {
            return Err(self.error(
                place,
                YamlProblem::Expansion {
                    limit_mebibytes: EXPANSION_LIMIT >> 20,
                },
            ));
        }
        let value = value.clone();
        Ok(match &value {
            Value::Object(_) | Value::Array(_) => Node::Collection {
                value,
                flow_mapping: false,
            },
            Value::String(text) => Node::Scalar {
                text: text.clone(),
                scalar: Scalar::Json(value),
            },
            _ => Node::Scalar {
                text: value.to_string(),
                scalar: Scalar::Json(value),
            },
        })
    }

    fn sequence(&mut self) -> Result<Value, YamlError> {
        let mut items = Vec::new();
        loop {
            match self.next_node()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                first => items.push(self.value(first)?),
            }
        }
    }

    /// Reads a mapping. A merge overwrites what stands before it and is overwritten by what follows, as in kubectl.
    fn mapping(&mut self) -> Result<Value, YamlError> {
        let mut entries = Map::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let first = self.next_node()?;
            if matches!(first.0, Event::MappingEnd) {
                return Ok(Value::Object(entries));
            }
            let place = first.1.start;
            let key = match self.node(first)? {
                Node::Scalar {
                    scalar: Scalar::Merge,
                    ..
                } => {
                    let merged = self.next_node()?;
                    let merged_place = merged.1.start;
                    let value = self.value(merged)?;
                    merge(&mut entries, value).map_err(|problem| self.error(merged_place, problem))?;
                    continue;
                }
                node => key_text(node).map_err(|problem| self.error(place, problem))?,
            };
            if let Some(first_line) = lines.insert(key.clone(), place.line()) {
                return Err(self.error(place, YamlProblem::DuplicateKey { key, first_line }));
            }
            let value_start = self.next_node()?;
            let value = self.value(value_start)?;
            entries.insert(key, value);
        }
    }
}

/// The string that stands for a key, since every key in JSON is one.
fn key_text(node: Node) -> Result<String, YamlProblem> {
    match node {
        Node::Collection {
            flow_mapping: true, ..
        } => Err(YamlProblem::Template),
        Node::Collection { .. } => Err(YamlProblem::Key {
            what: "a mapping or sequence",
        }),
        Node::Scalar {
            scalar: Scalar::NotFinite(name),
            ..
        } => Ok(name.to_owned()),
        Node::Scalar {
            text,
            scalar: Scalar::Merge,
        } => Ok(text),
        Node::Scalar {
            text,
            scalar: Scalar::Json(value),
        } => match value {
            Value::String(key) => Ok(key),
            Value::Bool(key) => Ok(key.to_string()),
            Value::Number(key) => number::as_key(&text, &key).ok_or(YamlProblem::Key {
                what: "this decimal number",
            }),
            _ => Err(YamlProblem::Key {
                what: "an empty key or null",
            }),
        },
    }
}

fn merge(entries: &mut Map<String, Value>, value: Value) -> Result<(), YamlProblem> {
    match value {
        Value::Object(merged) => entries.extend(merged),
        // The first mapping of a sequence has the last word.
        Value::Array(items) => {
            for item in items.into_iter().rev() {
                let Value::Object(merged) = item else {
                    return Err(YamlProblem::Merge {
                        found: "a sequence with something else in it",
                    });
                };
                entries.extend(merged);
            }
        }
        Value::Null => return Err(YamlProblem::Merge { found: "empty" }),
        _ => return Err(YamlProblem::Merge { found: "a scalar" }),
    }
    Ok(())
}

/// How much a value weighs: its text, and one for every node.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.iter().map(|(key, value)| key.len() + size(value)).sum(),
        _ => 0,
    }
}
