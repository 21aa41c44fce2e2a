//! Numbers as they are spelled: go-cty reads the spelling itself, and what we make of it, and both must be the same bits.

use anyhow::Result;
use tfplugin_sdk::value::{Number, Type, Value, decode, encode, from_json};

use crate::choices::Choices;
use crate::compare::Case;
use crate::peer::{Answer, Form, Question};
use crate::{text, tree};

/// A spelling, or the bits of a float.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// As msgpack that is not ours.
    spelled: Vec<u8>,
    shown: String,
    number: Number,
    /// Whether go-cty stores it as it is: it stores a float by the shortest spelling, which is another number.
    text: bool,
}

impl Case for Numbers {
    fn generate(numbers: &[u32]) -> Self {
        let mut choices = Choices::new(numbers);
        let float = choices.once_in(3).then(|| f64::from_bits(choices.bits()));
        if let Some(float) = float.filter(|float| !float.is_nan()) {
            return Self {
                spelled: [&[0xcb][..], &float.to_be_bytes()].concat(),
                shown: format!("{float:e}, a float"),
                number: Number::from_f64(float).unwrap(),
                text: false,
            };
        }
        let shown = text::number_text(&mut choices);
        let length = u32::try_from(shown.len()).unwrap();
        Self {
            spelled: [&[0xdb][..], &length.to_be_bytes(), shown.as_bytes()].concat(),
            number: Number::parse(&shown).unwrap(),
            shown,
            text: true,
        }
    }

    fn questions(&self) -> Result<Vec<Question>> {
        let question = |bytes| Question {
            form: Form::Msgpack,
            ty: Type::Number,
            bytes,
        };
        let ours = encode(&Value::Number(self.number.clone()), &Type::Number)?;
        Ok(vec![question(self.spelled.clone()), question(ours)])
    }

    fn difference(&self, answers: &[Answer]) -> Option<String> {
        let [Ok(spelled), Ok(ours)] = answers else {
            return Some(format!("go-cty refuses it: {answers:?}"));
        };
        let (spelled_bits, our_bits) = (tree::bits(&spelled.tree), tree::bits(&ours.tree));
        if spelled_bits.is_none() || spelled_bits != our_bits {
            return Some(format!(
                "go-cty reads {}, and of ours {}",
                spelled.tree, ours.tree
            ));
        }
        let expected = Value::Number(self.number.clone());
        let whole_float = !self.text && self.number.is_integer() && self.number.as_i64().is_none();
        // A whole float is written as text by its shortest spelling too, as in a state.
        let kept = if whole_float { ours } else { spelled };
        let back = decode(&kept.msgpack, &Type::Number);
        if back.as_ref() != Ok(&expected) {
            return Some(format!("{expected:?} comes back as {back:?}"));
        }
        let kept = if self.text { spelled } else { ours };
        let stored = kept.json.as_deref().map(|json| from_json(json, &Type::Number));
        match stored {
            Some(stored) if stored.as_ref() != Ok(&expected) => {
                Some(format!("{expected:?} is stored as {stored:?}"))
            }
            _ => None,
        }
    }

    fn show(&self) -> String {
        self.shown.clone()
    }
}
