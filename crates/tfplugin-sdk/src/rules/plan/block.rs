//! Rules 3 to 5: blocks are planned as they are configured, one by one.

use super::{Sides, attribute};
use crate::path::{Path, Step};
use crate::rules::equality::same;
use crate::rules::show::show;
use crate::rules::{Rule, Violation};
use crate::schema::{Block, BlockNesting, NestedBlock};
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
    if nested.nesting == BlockNesting::List && sides.planned.is_null() {
        return fail("no blocks are planned as null, and an empty list is expected".to_owned());
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
    match nested.nesting {
        BlockNesting::Single => check(&nested.block, sides, path, found),
        BlockNesting::List => check_list(&nested.block, sides, path, found),
    }
}

fn check_list(block: &Block, sides: Sides<'_>, path: &Path, found: &mut Vec<Violation>) {
    let count = |value: &Value| {
        if let Value::Sequence(elements) = value {
            elements.len()
        } else {
            0
        }
    };
    let (configured, planned) = (count(sides.config), count(sides.planned));
    if configured != planned {
        let message = format!("blocks are configured {configured} times and planned {planned} times");
        found.push(Violation::new(path, Rule::PlannedBlockCount, message));
        return;
    }
    for (step, index) in (0..).map(Step::Index).zip(0..planned) {
        let (path, sides) = (path.clone().join(step), sides.element(index));
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
