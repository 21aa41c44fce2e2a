//! Small things done to Markdown.

/// The first sentence as plain text on one line.
pub(crate) fn first_sentence(markdown: &str) -> String {
    let paragraph: Vec<_> = markdown
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let paragraph = paragraph.join(" ");
    // A full stop within a name, such as `metadata.name`, has no space after it; after one of an abbreviation the
    // sentence goes on in lower case.
    let end = paragraph.match_indices(". ").find_map(|(position, _)| {
        let goes_on = paragraph[position + 2..].starts_with(char::is_lowercase);
        (!goes_on).then_some(position + 1)
    });
    plain(end.map_or(paragraph.as_str(), |end| &paragraph[..end]))
}

/// Without the marks of code and links.
fn plain(markdown: &str) -> String {
    let mut plain = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, bracketed)) = rest.split_once('[') {
        plain.push_str(before);
        if let Some((text, after)) = link(bracketed) {
            plain.push_str(text);
            rest = after;
        } else {
            plain.push('[');
            rest = bracketed;
        }
    }
    plain.push_str(rest);
    plain.replace('`', "")
}

/// The text of a link whose first bracket is taken off already, and what follows the link.
fn link(bracketed: &str) -> Option<(&str, &str)> {
    let (text, rest) = bracketed.split_once(']')?;
    let (_, after) = rest.strip_prefix('(')?.split_once(')')?;
    Some((text, after))
}

/// Text that belongs to an item of a list: every line but the first is indented.
pub(super) fn list_item(text: &str) -> String {
    let mut item = String::from("- ");
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            item.push('\n');
            if !line.is_empty() {
                item.push_str("  ");
            }
        }
        item.push_str(line);
    }
    item
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, list_item};

    #[test]
    fn the_first_sentence_ends_at_its_full_stop() {
        for (markdown, sentence) in [
            ("One. Two.", "One."),
            ("All of it, without a stop", "All of it, without a stop"),
            (
                "It takes `metadata.name`\nof a thing. Then more.",
                "It takes metadata.name of a thing.",
            ),
            (
                "Approx. two of [these](https://example.com/a). More",
                "Approx. two of these.",
            ),
            (
                "An array[0] stays. `code` begins a sentence.",
                "An array[0] stays.",
            ),
            ("A paragraph\n\nand another. Third.", "A paragraph"),
            ("", ""),
        ] {
            assert_eq!(first_sentence(markdown), sentence, "{markdown}");
        }
    }

    #[test]
    fn lines_of_an_item_stay_in_it() {
        assert_eq!(
            list_item("one\ntwo\n\n```\nthree\n```"),
            "- one\n  two\n\n  ```\n  three\n  ```"
        );
    }
}
