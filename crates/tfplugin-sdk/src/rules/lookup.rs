//! Following a path into a value, as core does to find what a path names.

use super::part::open;
use crate::path::{Path, Step};
use crate::schema::{Attribute, AttributeType, Block};
use crate::value::{Type, Value};

/// The part of `value` that `path` leads to, with its type; `None` if there is no such part. Behind an unknown value
/// everything that its type allows is there, and unknown.
pub(super) fn lookup<'a>(value: &'a Value, ty: &'a Type, path: &Path) -> Option<(&'a Value, &'a Type)> {
    path.steps().iter().try_fold((value, ty), |(value, ty), step| {
        let (value, ty) = open(value, ty);
        enter(value, ty, step)
    })
}

fn enter<'a>(value: &'a Value, ty: &'a Type, step: &Step) -> Option<(&'a Value, &'a Type)> {
    let ty = match (ty, step) {
        (Type::Dynamic, _) => ty,
        (Type::Object(attributes), Step::Attribute(name) | Step::Key(name)) => attributes.get(name)?,
        (Type::Map(element), Step::Attribute(_) | Step::Key(_)) | (Type::List(element), Step::Index(_)) => {
            element
        }
        (Type::Tuple(types), Step::Index(index)) => types.get(usize::try_from(*index).ok()?)?,
        _ => return None,
    };
    let part = match (value, step) {
        (Value::Unknown(_), _) => &Value::UNKNOWN,
        (Value::Mapping(members), Step::Attribute(name) | Step::Key(name)) => members.get(name)?,
        (Value::Sequence(elements), Step::Index(index)) => elements.get(usize::try_from(*index).ok()?)?,
        _ => return None,
    };
    Some((part, ty))
}

/// The attribute that `path` leads to, whatever elements it passes through; `None` if it leads elsewhere.
pub(super) fn attribute_at<'a>(block: &'a Block, path: &Path) -> Option<&'a Attribute> {
    let mut names = path.steps().iter().filter_map(|step| match step {
        Step::Attribute(name) => Some(name),
        Step::Key(_) | Step::Index(_) => None,
    });
    let mut block = block;
    let mut attribute = loop {
        let name = names.next()?;
        match block.blocks.iter().find(|nested| nested.name == *name) {
            Some(nested) => block = &nested.block,
            None => break block.attribute(name)?,
        }
    };
    for name in names {
        let AttributeType::Nested { attributes, .. } = &attribute.ty else {
            return None;
        };
        attribute = attributes.iter().find(|nested| nested.name == *name)?;
    }
    Some(attribute)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{attribute_at, lookup};
    use crate::path::{Path, Step};
    use crate::rules::sample::{block, list, object, resource};
    use crate::value::Value;

    #[test]
    fn paths_lead_to_parts_of_values() {
        let ty = block().ty();
        let value = resource([("rule", list([object([("most", 3.into())])]))]);
        let path = Path::attribute("rule").join(Step::Index(0)).child("most");
        assert_eq!(lookup(&value, &ty, &path).unwrap().0, &3.into());
        let beyond = Path::attribute("rule").join(Step::Index(1));
        assert_eq!(lookup(&value, &ty, &beyond), None);
        assert_eq!(lookup(&value, &ty, &"absent".into()), None);
        assert_eq!(lookup(&Value::UNKNOWN, &ty, &path).unwrap().0, &Value::UNKNOWN);
    }

    #[test]
    fn paths_lead_to_attributes_of_schemas() {
        let block = block();
        let in_block = Path::attribute("rule").join(Step::Index(4)).child("key");
        assert_eq!(attribute_at(&block, &in_block).unwrap().name, "key");
        let nested = Path::attribute("teams").join(Step::Key("k".into())).child("id");
        assert_eq!(attribute_at(&block, &nested).unwrap().name, "id");
        assert!(attribute_at(&block, &"rule".into()).is_none());
    }
}
