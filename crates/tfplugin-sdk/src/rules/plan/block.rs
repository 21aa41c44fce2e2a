//! Rules 3 to 5: blocks are planned as they are configured, one by one.

use super::{Sides, attribute, count, different_keys};
use crate::path::Path;
use crate::rules::equality::same;
use crate::rules::show::show;
use crate::rules::{Rule, Violation};
use crate::schema::{Block, BlockNesting, NestedBlock, Shape};
use crate::value::Value;

pub(super) fn check(block: &Block, sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    if !sides.both_exist(path, found) {
        return;
    }
    for attribute in &block.attributes {
        let path = path.clone().child(&attribute.name);
        attribute::check(attribute, sides.member(&attribute.name), &path, found);
    }
    for nested in &block.blocks {
        let path = path.clone().child(&nested.name);
        check_nested(nested, sides.member(&nested.name), &path, found);
    }
}

fn check_nested(nested: &NestedBlock, sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    let mut fail = |message: String| found.push(Violation::new(path, Rule::PlannedBlocksKnown, message));
    if nested.nesting != BlockNesting::Single && sides.planned.is_null() {
        return fail("no blocks are planned as null, and an empty collection is expected".to_owned());
    }
    if same(sides.planned, sides.config, &nested.ty()) {
        return;
    }
    // A dynamic block of which the number is not known yet: nobody can say more about it than that.
    if sides.config.is_unknown() {
        let planned = show(sides.planned);
        return fail(format!(
            "the blocks are configured as unknown, and planned as {planned}"
        ));
    }
    if sides.planned.is_unknown() {
        return fail("the blocks are planned as unknown as a whole; only their attributes may be".to_owned());
    }
    match nested.shape() {
        Shape::Object => check(&nested.block, sides, path, found),
        Shape::List | Shape::Map => check_elements(&nested.block, sides, path, found),
        // Core does not look for what goes with what in a set.
        Shape::Set => {
            if let Value::Sequence(elements) = sides.planned
                && elements.iter().any(Value::is_unknown)
            {
                fail("a block is planned as unknown as a whole; only its attributes may be".to_owned());
            }
        }
    }
}

fn check_elements(block: &Block, sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    let mut fail = |message: String| found.push(Violation::new(path, Rule::PlannedBlockCount, message));
    match (sides.config, sides.planned) {
        (Value::Mapping(configs), Value::Mapping(planned)) => {
            for problem in different_keys(configs, planned) {
                fail(problem);
            }
        }
        (config, planned) if count(config) != count(planned) => {
            let (config, planned) = (count(config), count(planned));
            return fail(format!(
                "blocks are configured {config} times and planned {planned} times"
            ));
        }
        _ => {}
    }
    for (step, sides) in sides.elements() {
        let path = path.clone().join(step);
        if sides.planned.is_unknown() {
            let message = "the block is planned as unknown as a whole; only its attributes may be";
            found.push(Violation::new(&path, Rule::PlannedBlocksKnown, message));
        } else {
            check(block, sides, &path, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::sample::{block, list, object, resource};
    use crate::rules::{Rule, plan};
    use crate::value::Value;

    fn rule(most: i64, left: Value) -> Value {
        object([("most", most.into()), ("left", left)])
    }

    fn judge(config: Value, planned: Value) -> Vec<(String, Rule)> {
        let (config, planned) = (resource([("rule", config)]), resource([("rule", planned)]));
        let found = plan(&block(), &config, &Value::Null, &planned).into_iter();
        found
            .map(|violation| (violation.path.to_string(), violation.rule))
            .collect()
    }

    #[test]
    fn blocks_as_configured_with_computed_attributes_filled_in() {
        let config = list([rule(1, Value::Null), rule(2, Value::Null)]);
        let planned = list([rule(1, Value::UNKNOWN), rule(2, 7.into())]);
        assert_eq!(judge(config, planned), []);
    }

    #[test]
    fn rule_4_no_block_comes_or_goes() {
        let config = list([rule(1, Value::Null)]);
        let planned = list([rule(1, Value::Null), rule(2, Value::Null)]);
        assert_eq!(
            judge(config, planned),
            [("rule".to_owned(), Rule::PlannedBlockCount)]
        );
    }

    #[test]
    fn rule_5_blocks_are_neither_null_nor_unknown() {
        let broken = |path: &str| vec![(path.to_owned(), Rule::PlannedBlocksKnown)];
        let config = list([rule(1, Value::Null)]);
        assert_eq!(judge(list([]), Value::Null), broken("rule"));
        assert_eq!(judge(config.clone(), Value::UNKNOWN), broken("rule"));
        assert_eq!(judge(config.clone(), list([Value::UNKNOWN])), broken("rule[0]"));
        assert_eq!(judge(Value::UNKNOWN, config), broken("rule"));
        assert_eq!(judge(Value::UNKNOWN, Value::UNKNOWN), []);
    }

    #[test]
    fn blocks_by_label_go_by_their_labels() {
        let owner = |name: &str| object([("name", name.into())]);
        let judge = |config: Value, planned: Value| {
            let (config, planned) = (resource([("port", config)]), resource([("port", planned)]));
            let found = plan(&block(), &config, &Value::Null, &planned).into_iter();
            let found = found.map(|violation| (violation.path.to_string(), violation.rule));
            found.collect::<Vec<_>>()
        };
        let config = || object([("a", owner("x"))]);
        assert_eq!(judge(config(), config()), []);
        let count = ("port".to_owned(), Rule::PlannedBlockCount);
        assert_eq!(
            judge(config(), object([("b", owner("x"))])),
            [count.clone(), count]
        );
        let name = (r#"port["a"].name"#.to_owned(), Rule::PlannedAsConfigured);
        assert_eq!(judge(config(), object([("a", owner("y"))])), [name]);
        assert_eq!(judge(object([]), Value::Null)[0].1, Rule::PlannedBlocksKnown);
    }

    #[test]
    fn blocks_in_a_set_are_trusted_unless_they_are_unknown() {
        let places = |elements: [Value; 1]| resource([("place", list(elements))]);
        let (config, another) = (places([object([("name", "x".into())])]), places([object([])]));
        assert_eq!(plan(&block(), &config, &Value::Null, &another), []);
        let found = plan(&block(), &config, &Value::Null, &places([Value::UNKNOWN]));
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedBlocksKnown));
    }

    #[test]
    fn a_group_is_always_there() {
        let gone = resource([("policy", Value::Null)]);
        let found = plan(&block(), &resource([]), &Value::Null, &gone);
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedBlocksKnown));
    }

    #[test]
    fn rule_3_a_single_block_exists_where_it_is_configured() {
        let with = resource([("limit", rule(1, Value::Null))]);
        let found = plan(&block(), &with, &Value::Null, &resource([]));
        assert_eq!((found.len(), found[0].rule), (1, Rule::PlannedExistence));
        assert_eq!(found[0].path.to_string(), "limit");
    }

    #[test]
    fn attributes_of_blocks_have_the_rules_of_attributes() {
        let found = judge(list([rule(1, Value::Null)]), list([rule(2, Value::Null)]));
        assert_eq!(found, [("rule[0].most".to_owned(), Rule::PlannedAsConfigured)]);
    }
}
