//! The value that `acceptance-tests/tools/cty/tree.go` spells.

use anyhow::{Context as _, Result, bail};
use serde_json::Value as Json;
use tfplugin_sdk::value::{Bound, Number, Refinements, Type, Unknown, Value};

pub(crate) fn read(tree: &Json) -> Result<Value> {
    Ok(match tree {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(elements) => Value::Sequence(elements.iter().map(read).collect::<Result<_>>()?),
        Json::Object(one) => {
            let (kind, content) = one.iter().next().context("nothing")?;
            match kind.as_str() {
                "number" => Value::Number(number(tree)?),
                "mapping" => {
                    let members = content.as_object().context("no mapping")?.iter();
                    let member = |(key, member): (&String, &Json)| Ok((key.clone(), read(member)?));
                    Value::Mapping(members.map(member).collect::<Result<_>>()?)
                }
                "dynamic" => {
                    let ty = Type::from_json_bytes(content[0].to_string().as_bytes())?;
                    Value::dynamic(ty, read(&content[1])?)
                }
                "unknown" => Value::Unknown(Unknown::refined(promises(content)?)),
                other => bail!("what is {other}?"),
            }
        }
        Json::Number(_) => bail!("numbers are spelled as texts"),
    })
}

/// Exactly the bits of a number, if `tree` is one.
pub(crate) fn bits(tree: &Json) -> Option<&str> {
    tree["number"][1].as_str()
}

fn number(tree: &Json) -> Result<Number> {
    let text = tree["number"][0].as_str().context("no number")?;
    Ok(match text {
        "+Inf" => Number::from_f64(f64::INFINITY)?,
        "-Inf" => Number::from_f64(f64::NEG_INFINITY)?,
        text => Number::parse(text)?,
    })
}

fn promises(tree: &Json) -> Result<Refinements> {
    let bound = |name: &str| match &tree[name] {
        Json::Null => Ok(None),
        bound => Ok(Some(Bound {
            number: number(&bound[0])?,
            inclusive: bound[1].as_bool().context("no bound")?,
        })),
    };
    let bound = |name| -> Result<Option<Bound>> { bound(name) };
    Ok(Refinements {
        null: tree["null"].as_bool(),
        string_prefix: tree["prefix"].as_str().map(str::to_owned),
        number_lower: bound("lower")?,
        number_upper: bound("upper")?,
        length_lower: tree["shortest"].as_i64(),
        length_upper: tree["longest"].as_i64(),
    })
}
