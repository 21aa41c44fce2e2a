//! The section "Schema": what there is to configure and to read.

use super::member::{Group, Member, append, members};
use super::{member, text};
use crate::schema::Block;

const GROUPS: [(Group, &str); 3] = [
    (Group::Required, "Required"),
    (Group::Optional, "Optional"),
    (Group::ReadOnly, "Read-Only"),
];

/// The section as paragraphs, none if the block is empty.
pub(super) fn render(block: &Block) -> Vec<String> {
    let members = members(block);
    if members.is_empty() {
        return Vec::new();
    }
    let mut paragraphs: Vec<_> = block
        .deprecated
        .as_deref()
        .map(member::deprecation)
        .into_iter()
        .collect();
    paragraphs.push("## Schema".to_owned());
    for (title, list) in groups(&members, &[]) {
        paragraphs.extend([format!("### {title}"), list]);
    }
    render_nested(&members, &[], &mut paragraphs);
    paragraphs
}

/// The part of the section "Import" about the identity.
pub(super) fn identity(block: &Block) -> Vec<String> {
    let mut paragraphs = vec!["### Identity Schema".to_owned()];
    for (title, list) in groups(&members(block), &[]) {
        paragraphs.extend([format!("{title}:"), list]);
    }
    paragraphs
}

/// A section for each member that has members itself, each followed by the sections of what is in it.
fn render_nested(members: &[Member<'_>], outer: &[&str], paragraphs: &mut Vec<String>) {
    for member in members {
        let Some(nested) = &member.nested else { continue };
        let path = [outer, &[member.name]].concat();
        let anchor = anchor(nested.anchor, &path);
        let title = path.join(".");
        paragraphs.push(format!(
            "<a id=\"{anchor}\"></a>\n### Nested Schema for `{title}`"
        ));
        for (title, list) in groups(&nested.members, &path) {
            paragraphs.extend([format!("{title}:"), list]);
        }
        render_nested(&nested.members, &path, paragraphs);
    }
}

/// The lists of a section that are not empty, with their titles.
fn groups(members: &[Member<'_>], path: &[&str]) -> Vec<(&'static str, String)> {
    GROUPS
        .into_iter()
        .filter_map(|(group, title)| {
            let items: Vec<_> = members
                .iter()
                .filter(|member| member.group == group)
                .map(|member| item(member, path))
                .collect();
            (!items.is_empty()).then(|| (title, items.join("\n")))
        })
        .collect()
}

fn item(member: &Member<'_>, path: &[&str]) -> String {
    let head = format!("`{}` ({})", member.name, member.marks.join(", "));
    let link = member.nested.as_ref().map_or_else(String::new, |nested| {
        let path = [path, &[member.name]].concat();
        format!(
            "(see [below for nested schema](#{}))",
            anchor(nested.anchor, &path)
        )
    });
    text::list_item(&append(&format!("{head} {}", member.text), &link))
}

fn anchor(kind: &str, path: &[&str]) -> String {
    format!("{kind}--{}", path.join("--"))
}
