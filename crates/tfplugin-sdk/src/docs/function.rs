//! What a page says of a function: how it is called, and what with.

use crate::function::Declared;
use crate::offer::FunctionEntry;

/// The sections of a function's page, in the form of `tfplugindocs`.
pub(super) fn render(name: &str, function: &FunctionEntry) -> Vec<String> {
    let signature = &function.signature;
    let mut paragraphs = Vec::new();
    if let Some(reason) = &signature.deprecated {
        paragraphs.push(format!("~> **Deprecated.** {reason}"));
    }
    let fixed = signature.parameters.iter().map(|parameter| (parameter, ""));
    let variadic = signature.variadic.iter().map(|parameter| (parameter, "..."));
    let parameters: Vec<_> = fixed.chain(variadic).collect();
    let declarations = parameters
        .iter()
        .map(|(parameter, more)| format!("{} {}{more}", parameter.name, parameter.ty));
    let declarations = declarations.collect::<Vec<_>>().join(", ");
    paragraphs.extend([
        "## Signature".to_owned(),
        format!("```text\n{name}({declarations}) {}\n```", function.returns),
    ]);
    if !parameters.is_empty() {
        let arguments = parameters
            .iter()
            .map(|(parameter, more)| argument(parameter, !more.is_empty()));
        paragraphs.extend([
            "## Arguments".to_owned(),
            arguments.collect::<Vec<_>>().join("\n"),
        ]);
    }
    paragraphs
}

fn argument(parameter: &Declared, variadic: bool) -> String {
    let flags = [(variadic, "Variadic"), (parameter.null, "Nullable")];
    let flags = flags
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, flag)| format!("{flag}, "));
    let description = parameter.description.replace('\n', "\n   ");
    format!(
        "1. `{}` ({}{}) {description}",
        parameter.name,
        flags.collect::<String>(),
        super::member::type_name(&parameter.ty),
    )
}
