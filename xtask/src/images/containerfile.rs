//! The one thing that is read from a Containerfile: what it takes from elsewhere.

use anyhow::{Result, bail};

/// The images and contexts that `text` names in `FROM` and in `COPY --from`, each once; its own stages and `scratch`
/// are neither.
pub(super) fn bases(text: &str) -> Result<Vec<String>> {
    let mut stages = vec!["scratch".to_owned()];
    let mut bases: Vec<String> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((instruction, rest)) = words.split_first() else {
            continue;
        };
        let base = match instruction.to_ascii_uppercase().as_str() {
            "FROM" => {
                let mut operands = rest.iter().filter(|word| !word.starts_with("--"));
                let base = operands.next().copied();
                stages.extend(operands.nth(1).map(ToString::to_string));
                base
            }
            "COPY" => rest.iter().find_map(|word| word.strip_prefix("--from=")),
            _ => None,
        };
        let Some(base) = base else { continue };
        if base.contains('$') {
            bail!("`{}` depends on a variable: name the image itself", line.trim());
        }
        // A stage may also be named by its number. A stage is known by its name from the line after its own.
        let is_stage = stages.iter().any(|stage| stage == base) || base.parse::<u32>().is_ok();
        if !is_stage && !bases.iter().any(|known| known == base) {
            bases.push(base.to_owned());
        }
    }
    Ok(bases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_scratch_are_no_images() -> Result<()> {
        let text = "\
# FROM a-comment
FROM --platform=linux/amd64 example.org/compiler:1 AS build
RUN echo FROM nothing
from localhost/mlops/base
COPY --from=build /a /a
COPY --from=0 /b /b
COPY --chown=1001:0 --from=example.org/tool:2 /c /c
COPY --from=checkout/python/package . /d
FROM scratch
FROM localhost/mlops/base AS again
";
        assert_eq!(
            bases(text)?,
            [
                "example.org/compiler:1",
                "localhost/mlops/base",
                "example.org/tool:2",
                "checkout/python/package"
            ]
        );
        Ok(())
    }

    #[test]
    fn a_variable_is_refused_because_the_order_of_builds_would_depend_on_it() {
        let error = bases("ARG BASE\nFROM ${BASE}")
            .map_err(|error| error.to_string())
            .err();
        assert_eq!(
            error.as_deref(),
            Some("`FROM ${BASE}` depends on a variable: name the image itself")
        );
    }
}
