//! Rule 38: states travel in chunks of the size that was agreed, each in its place, and whole.

use super::{Rule, Violation};
use crate::path::Path;

/// The largest chunk that core takes, in bytes.
const LARGEST: i64 = 128 << 20;

/// A chunk of a state, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateChunk {
    /// How many bytes it holds.
    pub length: usize,
    /// How many bytes it says that the whole state has.
    pub total_length: i64,
    /// The places of its first and its last byte as it says them, if it does.
    pub range: Option<(i64, i64)>,
}

/// What is wrong with the size of chunks that a state store answers its configuration with; `None` if it names none.
#[must_use]
pub fn chunk_size(size: Option<i64>) -> Vec<Violation> {
    match size {
        None => broken("the answer has no capabilities, on which Terraform crashes"),
        Some(size) if !(1..=LARGEST).contains(&size) => broken(format!(
            "chunks have between 1 and {LARGEST} bytes, and {size} are answered"
        )),
        Some(_) => Vec::new(),
    }
}

/// What is wrong with the chunks of a state that was read without an error. A state that is absent has no bytes.
#[must_use]
pub fn state_chunks(size: usize, chunks: &[StateChunk]) -> Vec<Violation> {
    let number = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let total = chunks.iter().map(|chunk| chunk.length).sum();
    let mut start = 0;
    for (place, chunk) in chunks.iter().enumerate() {
        let end = start + chunk.length;
        let Some(range) = chunk.range else {
            return broken(format!("chunk {place} has no range, on which Terraform crashes"));
        };
        if chunk.total_length != number(total) {
            return broken(format!(
                "chunk {place} says that the state has {} bytes, and {total} are sent",
                chunk.total_length
            ));
        }
        // A state without bytes has no last one whose place there could be.
        let expected = (number(start), number(end.max(1)) - 1);
        if range != expected {
            return broken(format!(
                "chunk {place} says that it is bytes {} to {}, and it is {} to {}",
                range.0, range.1, expected.0, expected.1
            ));
        }
        if end < total && chunk.length != size {
            return broken(format!(
                "chunk {place} has {} bytes, and all but the last must have {size}",
                chunk.length
            ));
        }
        if chunk.length > size {
            return broken(format!(
                "chunk {place} has {} bytes, and at most {size} are agreed",
                chunk.length
            ));
        }
        start = end;
    }
    Vec::new()
}

fn broken(message: impl Into<String>) -> Vec<Violation> {
    vec![Violation::new(&Path::default(), Rule::StateStore, message)]
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, StateChunk, chunk_size, state_chunks};
    use crate::rules::Rule;

    fn chunk(length: usize, total_length: i64, start: i64, end: i64) -> StateChunk {
        StateChunk {
            length,
            total_length,
            range: Some((start, end)),
        }
    }

    #[test]
    fn rule_38_sizes_between_1_and_128_mib() {
        for size in [1, 8 << 20, LARGEST] {
            assert_eq!(chunk_size(Some(size)), []);
        }
        for size in [None, Some(-1), Some(0), Some(LARGEST + 1)] {
            assert_eq!(chunk_size(size)[0].rule, Rule::StateStore, "{size:?}");
        }
    }

    #[test]
    fn rule_38_whole_states() {
        for chunks in [
            &[][..],
            &[chunk(0, 0, 0, 0)],
            &[chunk(1, 1, 0, 0)],
            &[chunk(4, 4, 0, 3)],
            &[chunk(4, 9, 0, 3), chunk(4, 9, 4, 7), chunk(1, 9, 8, 8)],
        ] {
            assert_eq!(state_chunks(4, chunks), [], "{chunks:?}");
        }
    }

    #[test]
    fn rule_38_anything_else_is_refused() {
        let nowhere = StateChunk {
            range: None,
            ..chunk(4, 4, 0, 3)
        };
        for (chunks, problem) in [
            (&[nowhere][..], "no range"),
            (&[chunk(5, 5, 0, 4)], "at most 4"),
            (&[chunk(3, 5, 0, 2), chunk(2, 5, 3, 4)], "all but the last"),
            (&[chunk(4, 4, 0, 4)], "it is 0 to 3"),
            (&[chunk(4, 6, 0, 3), chunk(2, 6, 2, 3)], "it is 4 to 5"),
            (&[chunk(4, 6, 0, 3)], "4 are sent"),
            (&[chunk(4, 4, 0, 3), chunk(1, 4, 4, 4)], "5 are sent"),
            (&[chunk(0, 7, 0, 0)], "0 are sent"),
        ] {
            let found = state_chunks(4, chunks);
            assert_eq!((found.len(), found[0].rule), (1, Rule::StateStore), "{chunks:?}");
            assert!(found[0].message.contains(problem), "{problem}: {}", found[0]);
        }
    }
}
