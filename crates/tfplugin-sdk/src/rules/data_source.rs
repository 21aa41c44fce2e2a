//! Rule 25: a data source gives an object that is wholly known.

use super::conform::conform;
use super::known::known;
use super::{Rule, Violation};
use crate::path::Path;
use crate::schema::Block;
use crate::value::Value;

/// What is wrong with the result of reading a data source.
#[must_use]
pub fn data_source(block: &Block, actual: &Value) -> Vec<Violation> {
    if actual.is_null() {
        let message = "no object is returned; what is not found is an error, or an attribute that says so";
        return vec![Violation::new(&Path::default(), Rule::DataSource, message)];
    }
    let ty = block.ty();
    let mut found = conform(actual, &ty);
    found.extend(known(actual, &ty, Rule::DataSource));
    found
}

#[cfg(test)]
mod tests {
    use super::data_source;
    use crate::rules::Rule;
    use crate::rules::sample::{block, resource};
    use crate::value::Value;

    #[test]
    fn rule_25_an_object_that_is_wholly_known() {
        assert_eq!(data_source(&block(), &resource([("id", "1".into())])), []);
        for value in [Value::Null, resource([("id", Value::UNKNOWN)])] {
            let found = data_source(&block(), &value);
            assert_eq!((found.len(), found[0].rule), (1, Rule::DataSource));
        }
    }
}
