//! What a person reads on standard output. The house forbids `println!`, which panics when the reader has gone.

use std::io::Write as _;

use console::style;

/// One line of a command's answer.
#[expect(clippy::disallowed_methods, reason = "the one place of xtask that answers")]
pub fn say(line: impl AsRef<str>) {
    // A closed pipe (`… | head`) ends nobody's work, so the error has no one to go to.
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

/// The start of a part of a longer run.
pub fn heading(title: &str) {
    say(format!("\n{}", style(format!("== {title}")).bold()));
}

/// Something that a reader must not overlook; on standard error.
pub fn warn(line: impl AsRef<str>) {
    let _ = writeln!(
        std::io::stderr(),
        "{} {}",
        style("warning:").yellow().bold(),
        line.as_ref()
    );
}

/// Why a chore failed: the chain of causes, one a line; on standard error.
pub fn failure(error: &anyhow::Error) {
    let mut causes = error.chain();
    let first = causes.next().map(ToString::to_string).unwrap_or_default();
    let mut stderr = std::io::stderr();
    let _ = writeln!(stderr, "{} {first}", style("error:").red().bold());
    for cause in causes {
        let _ = writeln!(stderr, "  because: {cause}");
    }
}

/// Rows as columns, each as wide as its widest cell.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| console::measure_text_width(cell))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let padded =
            cells.map(|(cell, width)| console::pad_str(cell, *width, console::Alignment::Left, None));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["NAME".into(), "STATE".into()],
            vec!["a-long-name".into(), "up".into()],
        ];
        assert_eq!(table(&rows), "NAME         STATE\na-long-name  up");
        assert_eq!(table(&[]), "");
    }
}
