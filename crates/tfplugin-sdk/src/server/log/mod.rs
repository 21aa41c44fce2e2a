//! Logs: which entries Terraform's variables let through, and in which form they reach it.

mod filter;
mod hclog;

use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use self::filter::Filter;
use self::hclog::Hclog;

/// Starts logging to stderr, for the provider of this name and this type.
pub(super) fn install<P>(name: &str) {
    // The path of a type begins with its crate.
    let own = std::any::type_name::<P>().split("::").next().unwrap_or_default();
    let filter = Filter::new(name, own, std::env::vars_os());
    // A second start in one process, as in tests, keeps the first one's log.
    let _ = tracing_subscriber::registry()
        .with(Hclog.with_filter(filter.into_layer()))
        .try_init();
}
