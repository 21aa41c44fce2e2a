//! Values of any type, and what becomes of them on the way to go-cty and back.

use anyhow::{Context as _, Result};
use tfplugin_sdk::value::{Type, Value, decode, encode, from_json, to_json};

use crate::choices::Choices;
use crate::compare::Case;
use crate::peer::{Answer, Form, Question, Seen};
use crate::{core, generate, tree};

/// A value and what core makes of it.
#[derive(Debug)]
pub(crate) struct Values {
    ty: Type,
    value: Value,
    expected: String,
    /// Whether it can be in a state: nothing unknown, nothing infinite.
    storable: bool,
}

impl Case for Values {
    fn generate(numbers: &[u32]) -> Self {
        let mut choices = Choices::new(numbers);
        let storable = choices.below(2) == 0;
        let depth = choices.below(5);
        let limits = generate::Limits {
            unknown: !storable,
            depth,
        };
        let (ty, value) = generate::case(&mut choices, limits);
        let expected = core::show(&core::of_value(&value, &ty), &ty);
        Self {
            ty,
            value,
            expected,
            storable,
        }
    }

    fn questions(&self) -> Result<Vec<Question>> {
        let question = |form, bytes| Question {
            form,
            ty: self.ty.clone(),
            bytes,
        };
        let mut questions = vec![question(Form::Msgpack, encode(&self.value, &self.ty)?)];
        if self.storable {
            let json =
                to_json(&self.value, &self.ty).context("a value that can be stored has no JSON form")?;
            questions.push(question(Form::Json, json.to_string().into_bytes()));
        }
        Ok(questions)
    }

    fn difference(&self, answers: &[Answer]) -> Option<String> {
        let forms = ["our msgpack", "our JSON"];
        answers.iter().zip(forms).find_map(|(answer, form)| match answer {
            Err(error) => Some(format!("go-cty refuses {form}: {error}")),
            Ok(seen) => self.differs(form, seen),
        })
    }

    fn show(&self) -> String {
        format!("{}\nof type {}", core::show(&self.value, &self.ty), self.ty)
    }
}

impl Values {
    fn differs(&self, form: &str, seen: &Seen) -> Option<String> {
        let ty = &self.ty;
        let in_core = tree::read(&seen.tree).map_err(|error| error.to_string());
        let back = decode(&seen.msgpack, ty).map_err(|error| error.to_string());
        let state = seen
            .json
            .as_deref()
            .map(|json| from_json(json, ty).map_err(|error| error.to_string()));
        let mut readings = vec![("go-cty reads", in_core), ("we read from go-cty's msgpack", back)];
        readings.extend(state.map(|state| ("we read from go-cty's JSON", state)));
        let shown = readings.into_iter().map(|(who, read)| {
            (
                who,
                read.map_or_else(
                    |error| format!("nothing: {error}"),
                    |value| core::show(&value, ty),
                ),
            )
        });
        let wrong = shown.into_iter().find(|(_, read)| *read != self.expected);
        if let Some((who, read)) = wrong {
            let bytes = &seen.msgpack;
            return Some(format!(
                "{form}: expected\n  {}\n{who}\n  {read}\n{bytes:02x?}",
                self.expected
            ));
        }
        (self.storable && seen.json.is_none()).then(|| format!("{form}: go-cty cannot store it"))
    }
}
