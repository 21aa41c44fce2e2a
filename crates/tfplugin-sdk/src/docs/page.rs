//! A whole page: front matter and sections.

use super::examples::Examples;
use super::subject::{Kind, Subject};
use super::{directory, schema, text};

/// The page's text. It ends in one line break.
pub(super) fn render(subject: &Subject<'_>, examples: &Examples) -> String {
    let mut paragraphs = vec![
        front_matter(subject),
        directory::MARK.to_owned(),
        format!("# {}", heading(subject)),
        subject.description().to_owned(),
        "## Example Usage".to_owned(),
        code("terraform", &examples.main),
    ];
    for example in &examples.more {
        paragraphs.extend([format!("### {}", example.title), code("terraform", &example.text)]);
    }
    paragraphs.extend(subject.sections());
    paragraphs.extend(import(subject, examples));
    paragraphs.join("\n\n") + "\n"
}

fn front_matter(subject: &Subject<'_>) -> String {
    let (name, provider) = (subject.name, subject.provider);
    let title = match subject.kind {
        Kind::Provider => format!("{provider} Provider"),
        Kind::Resource => format!("{name} Resource - {provider}"),
        Kind::DataSource => format!("{name} Data Source - {provider}"),
        Kind::EphemeralResource => format!("{name} Ephemeral Resource - {provider}"),
        Kind::ListResource => format!("{name} List Resource - {provider}"),
        Kind::Action => format!("{name} Action - {provider}"),
        Kind::StateStore => format!("{name} State Store - {provider}"),
        Kind::Function => format!("{name} function - {provider}"),
    };
    let description = text::first_sentence(subject.description());
    format!("---\npage_title: \"{title}\"\ndescription: |-\n  {description}\n---")
}

fn heading(subject: &Subject<'_>) -> String {
    match subject.kind {
        Kind::Provider => format!("{} Provider", subject.name),
        Kind::Resource => format!("{} (Resource)", subject.name),
        Kind::DataSource => format!("{} (Data Source)", subject.name),
        Kind::EphemeralResource => format!("{} (Ephemeral Resource)", subject.name),
        Kind::ListResource => format!("{} (List Resource)", subject.name),
        Kind::Action => format!("{} (Action)", subject.name),
        Kind::StateStore => format!("{} (State Store)", subject.name),
        Kind::Function => format!("function: {}", subject.name),
    }
}

fn import(subject: &Subject<'_>, examples: &Examples) -> Vec<String> {
    let ways = [
        (
            &examples.import_identity,
            "terraform",
            "By its identity in an `import` block (Terraform 1.12 or later):",
        ),
        (
            &examples.import_block,
            "terraform",
            "By an `import` block in the configuration (Terraform 1.5 or later, OpenTofu):",
        ),
        (&examples.import_command, "shell", "By the command `import`:"),
    ];
    let mut paragraphs = Vec::new();
    for (example, language, introduction) in ways {
        if let Some(example) = example {
            paragraphs.extend([introduction.to_owned(), code(language, example)]);
        }
    }
    if let Some(identity) = subject.identity {
        paragraphs.extend(schema::identity(identity));
    }
    if !paragraphs.is_empty() {
        paragraphs.insert(0, "## Import".to_owned());
    }
    paragraphs
}

fn code(language: &str, text: &str) -> String {
    format!("```{language}\n{text}\n```")
}
