//! Which entries are written, by the variables that Terraform's users know.
//!
//! | variable | of what it sets the level |
//! |---|---|
//! | `TF_LOG` | of everything |
//! | `TF_LOG_PROVIDER` | of all providers |
//! | `TF_LOG_PROVIDER_<NAME>` | of this provider |
//! | `TF_LOG_PROVIDER_<NAME>_<PART>` | of one part of it: a module of its crate, or another crate |
//! | `TF_LOG_SDK`, `TF_LOG_SDK_PROTO` | of the SDK, and of its part that speaks the protocol |
//!
//! The more specific one wins. Crates of others say no more than warnings unless they are named: below that they write what
//! they send, secrets included.

use std::collections::BTreeMap;
use std::ffi::OsString;

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterFn, Targets};

/// The SDK's own crate.
const SDK: &str = env!("CARGO_CRATE_NAME");

/// The levels, by the beginning of what entries name as their target.
#[derive(Debug)]
pub(super) struct Filter {
    targets: Targets,
    most: LevelFilter,
    own: String,
}

impl Filter {
    /// Reads the variables for the provider `name`, whose crate is `own`.
    pub(super) fn new(
        name: &str,
        own: &str,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        let levels: BTreeMap<String, LevelFilter> = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, value)| name.starts_with("TF_LOG") && !value.is_empty())
            .map(|(name, value)| (name, level(&value)))
            .collect();
        let first = |names: &[&str]| names.iter().find_map(|name| levels.get(*name)).copied();
        let variable = format!("TF_LOG_PROVIDER_{}", name.to_uppercase().replace('-', "_"));
        let provider = first(&[&variable, "TF_LOG_PROVIDER", "TF_LOG"]).unwrap_or(LevelFilter::ERROR);
        let sdk = first(&["TF_LOG_SDK"]).unwrap_or(provider);
        let protocol = first(&["TF_LOG_SDK_PROTO"]).unwrap_or(sdk);
        let parts: Vec<_> = levels
            .iter()
            .filter_map(|(name, level)| {
                let part = name.strip_prefix(&variable)?.strip_prefix('_')?;
                Some((part.to_lowercase(), *level))
            })
            .collect();
        let most = [provider, sdk, protocol]
            .into_iter()
            .chain(parts.iter().map(|(_, level)| *level));
        Self {
            most: most.max().unwrap_or(provider),
            targets: Targets::new()
                .with_default(provider.min(LevelFilter::WARN))
                .with_target(own, provider)
                .with_target(SDK, sdk)
                .with_target(format!("{SDK}::server"), protocol)
                .with_targets(
                    parts
                        .iter()
                        .map(|(part, level)| (format!("{own}::{part}"), *level)),
                )
                .with_targets(parts.iter().cloned()),
            own: own.to_owned(),
        }
    }

    /// Whether an entry is written, or a span kept: it tells of later entries which call they belong to.
    fn lets_through(&self, metadata: &Metadata<'_>) -> bool {
        let of = |name: &str| metadata.target().split("::").next() == Some(name);
        if metadata.is_span() {
            return of(SDK) || of(&self.own);
        }
        self.targets.would_enable(metadata.target(), metadata.level())
    }

    pub(super) fn into_layer(self) -> FilterFn<impl Fn(&Metadata<'_>) -> bool> {
        let most = self.most.max(LevelFilter::INFO);
        FilterFn::new(move |metadata| self.lets_through(metadata)).with_max_level_hint(most)
    }
}

fn level(text: &str) -> LevelFilter {
    match text.to_uppercase().as_str() {
        "TRACE" | "JSON" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "INFO" => LevelFilter::INFO,
        "WARN" => LevelFilter::WARN,
        "OFF" => LevelFilter::OFF,
        _ => LevelFilter::ERROR,
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::Filter;

    /// Whether an entry of a provider `mlops` in the crate `ours` is written.
    fn written(variables: &[(&str, &str)], target: &str, level: Level) -> bool {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        Filter::new("mlops", "ours", variables)
            .targets
            .would_enable(target, &level)
    }

    #[test]
    fn without_a_variable_errors_are_written() {
        assert!(written(&[], "ours", Level::ERROR));
        assert!(!written(&[], "ours", Level::WARN));
        assert!(!written(&[("TF_LOG", "")], "ours", Level::WARN));
    }

    #[test]
    fn the_most_specific_level_wins() {
        let variables = [
            ("TF_LOG", "TRACE"),
            ("TF_LOG_PROVIDER", "info"),
            ("TF_LOG_PROVIDER_MLOPS", "debug"),
            ("TF_LOG_PROVIDER_OTHER", "off"),
            ("TF_LOG_PROVIDER_MLOPS_KUBERNETES", "warn"),
        ];
        for (target, most) in [
            ("ours::airflow", Level::DEBUG),
            ("ours::kubernetes::wait", Level::WARN),
            ("tfplugin_sdk::plan", Level::DEBUG),
        ] {
            assert!(written(&variables, target, most), "{target}");
        }
        assert!(!written(&variables, "ours::airflow", Level::TRACE));
        assert!(!written(&variables, "ours::kubernetes::wait", Level::INFO));
        assert!(written(&variables[..2], "ours", Level::INFO));
        assert!(!written(&variables[..2], "ours", Level::DEBUG));
    }

    #[test]
    fn the_sdk_has_its_own_levels() {
        let variables = [
            ("TF_LOG", "trace"),
            ("TF_LOG_SDK", "warn"),
            ("TF_LOG_SDK_PROTO", "debug"),
        ];
        assert!(written(&variables, "ours", Level::TRACE));
        assert!(!written(&variables, "tfplugin_sdk::plan", Level::INFO));
        assert!(written(&variables, "tfplugin_sdk::server::service", Level::DEBUG));
    }

    #[test]
    fn what_others_send_is_written_only_by_name() {
        let all = [("TF_LOG", "trace")];
        assert!(written(&all, "h2::client", Level::WARN));
        assert!(!written(&all, "h2::client", Level::INFO));
        let named = [("TF_LOG", "trace"), ("TF_LOG_PROVIDER_MLOPS_H2", "debug")];
        assert!(written(&named, "h2::client", Level::DEBUG));
    }
}
