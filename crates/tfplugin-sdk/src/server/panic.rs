//! Panics: a mistake in one call becomes a message to the user, and never ends the process nor other calls.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo};

use futures::FutureExt;

use crate::diagnostic::Diagnostic;

thread_local! {
    /// Where the last panic of this thread was. A future panics on the thread that polls it, and is caught there.
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Sends panics to the log instead of to stderr as text, and remembers where they were.
pub(super) fn install_hook() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%location, message = %message(info.payload()), "the provider panicked");
        LOCATION.with_borrow_mut(|last| *last = Some(location));
    }));
}

/// Runs a call to its end, or to its panic.
pub(super) async fn caught<T>(call: impl Future<Output = T>) -> Result<T, Diagnostic> {
    AssertUnwindSafe(call).catch_unwind().await.map_err(|payload| {
        let location = LOCATION
            .with_borrow_mut(Option::take)
            .unwrap_or_else(|| "an unknown place".to_owned());
        Diagnostic::bug(format!(
            "It panicked at {location}: {}.",
            message(payload.as_ref())
        ))
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
