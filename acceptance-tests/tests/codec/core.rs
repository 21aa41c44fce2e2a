//! What core makes of a value, written down without looking at either codec.
//!
//! Strings and names become their composed form (NFC). A set loses repetitions of what is wholly known. A promise that
//! leaves only one value becomes that value, and one that means nothing for the type or says nothing is lost.

use tfplugin_sdk::value::{Refinements, Type, Unknown, Value};

use crate::text::COMPOSED;

pub(crate) fn of_text(text: &str) -> String {
    COMPOSED
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

pub(crate) fn of_type(ty: &Type) -> Type {
    let element = |ty: &Type| Box::new(of_type(ty));
    match ty {
        Type::List(ty) => Type::List(element(ty)),
        Type::Set(ty) => Type::Set(element(ty)),
        Type::Map(ty) => Type::Map(element(ty)),
        Type::Object(attributes) => Type::Object(
            attributes
                .iter()
                .map(|(name, ty)| (of_text(name), of_type(ty)))
                .collect(),
        ),
        Type::Tuple(types) => Type::Tuple(types.iter().map(of_type).collect()),
        Type::Bool | Type::Number | Type::String | Type::Dynamic => ty.clone(),
    }
}

/// `value`, which is of type `ty`, as core holds it.
pub(crate) fn of_value(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Unknown(unknown), ty) => of_unknown(unknown, ty),
        (Value::String(text), _) => Value::String(of_text(text)),
        (Value::Dynamic(typed), _) => Value::dynamic(of_type(&typed.ty), of_value(&typed.value, &typed.ty)),
        (Value::Sequence(elements), Type::Set(ty)) => {
            let mut kept: Vec<Value> = Vec::new();
            let composed = of_type(ty);
            for element in elements.iter().map(|element| of_value(element, ty)) {
                let repeated = element.is_wholly_known()
                    && kept
                        .iter()
                        .any(|other| show(other, &composed) == show(&element, &composed));
                if !repeated {
                    kept.push(element);
                }
            }
            Value::Sequence(kept)
        }
        (Value::Sequence(elements), Type::List(ty)) => {
            Value::Sequence(elements.iter().map(|element| of_value(element, ty)).collect())
        }
        (Value::Sequence(elements), Type::Tuple(types)) => Value::Sequence(
            elements
                .iter()
                .zip(types)
                .map(|(element, ty)| of_value(element, ty))
                .collect(),
        ),
        (Value::Mapping(members), Type::Map(ty)) => Value::Mapping(
            members
                .iter()
                .map(|(key, member)| (of_text(key), of_value(member, ty)))
                .collect(),
        ),
        (Value::Mapping(members), Type::Object(types)) => Value::Mapping(
            members
                .iter()
                .map(|(name, member)| (of_text(name), of_value(member, &types[name])))
                .collect(),
        ),
        (other, _) => other.clone(),
    }
}

fn of_unknown(unknown: &Unknown, ty: &Type) -> Value {
    let Some(promised) = unknown.refinements().filter(|_| *ty != Type::Dynamic) else {
        return Value::UNKNOWN;
    };
    if promised.null == Some(true) {
        return Value::Null;
    }
    if promised.null == Some(false)
        && let Some(only) = only_value(promised, ty)
    {
        return only;
    }
    Value::Unknown(Unknown::refined(Refinements {
        string_prefix: promised
            .string_prefix
            .as_deref()
            .map(of_text)
            .filter(|prefix| !prefix.is_empty()),
        length_lower: promised.length_lower.filter(|length| *length != 0),
        ..promised.clone()
    }))
}

/// The value that all promises together leave.
fn only_value(promised: &Refinements, ty: &Type) -> Option<Value> {
    match ty {
        Type::Number => {
            let (lower, upper) = promised
                .number_lower
                .as_ref()
                .zip(promised.number_upper.as_ref())?;
            (lower == upper && lower.inclusive).then(|| Value::Number(lower.number.clone()))
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            let length = promised.length_upper?;
            let exactly = promised.length_lower.unwrap_or_default() == length;
            match (ty, length) {
                _ if !exactly => None,
                (Type::Map(_), 0) => Some(Value::Mapping([].into())),
                (_, 0) => Some(Value::Sequence(Vec::new())),
                (Type::List(_), _) => Some(Value::Sequence(vec![
                    Value::UNKNOWN;
                    usize::try_from(length).ok()?
                ])),
                (Type::Set(_), 1) => Some(Value::Sequence(vec![Value::UNKNOWN])),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A value as text: equal values of one type have equal texts, in whatever order a set is.
pub(crate) fn show(value: &Value, ty: &Type) -> String {
    let all = |shown: Vec<String>| shown.join(", ");
    match (value, ty) {
        (Value::Number(number), _) => number.to_string(),
        (Value::Dynamic(typed), _) => format!("{} as {}", show(&typed.value, &typed.ty), typed.ty),
        (Value::Sequence(elements), Type::List(ty)) => {
            format!(
                "[{}]",
                all(elements.iter().map(|element| show(element, ty)).collect())
            )
        }
        (Value::Sequence(elements), Type::Set(ty)) => {
            let mut shown: Vec<String> = elements.iter().map(|element| show(element, ty)).collect();
            shown.sort();
            format!("set({})", all(shown))
        }
        (Value::Sequence(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            let shown = elements.iter().zip(types).map(|(element, ty)| show(element, ty));
            format!("({})", all(shown.collect()))
        }
        (Value::Mapping(members), Type::Map(ty)) => {
            format!(
                "{{{}}}",
                all(members
                    .iter()
                    .map(|(key, member)| format!("{key:?}: {}", show(member, ty)))
                    .collect())
            )
        }
        (Value::Mapping(members), Type::Object(types)) => {
            let member = |(name, member): (&String, &Value)| match types.get(name) {
                Some(ty) => format!("{name:?} = {}", show(member, ty)),
                None => format!("{name:?} is none of its attributes"),
            };
            format!("<{}>", all(members.iter().map(member).collect()))
        }
        (other, _) => format!("{other:?}"),
    }
}
