//! What ends the process: Terraform's request, a signal, or that nobody is left to serve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// How long calls under way may take to notice that Terraform ends the process. It kills it after 2 s.
const GRACE: Duration = Duration::from_millis(700);

/// The same when somebody else ends it: as long as those who end processes wait at least before they kill them.
const LONG_GRACE: Duration = Duration::from_secs(10);

/// How often it is looked whether Terraform is still there, while it is not connected.
#[cfg(unix)]
const LOOK: Duration = Duration::from_millis(500);

/// The wish that the process ends. All clones are the same wish.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    token: CancellationToken,
    unhurried: Arc<AtomicBool>,
}

impl End {
    /// The process is to end as Terraform wants it: at once.
    pub(super) fn at_once(&self) {
        self.token.cancel();
    }

    /// The process is to end when what is under way has been recorded.
    fn soon(&self) {
        self.unhurried.store(true, Ordering::Relaxed);
        self.token.cancel();
    }

    /// Waits for the wish.
    pub(super) async fn wanted(&self) {
        self.token.cancelled().await;
    }

    /// How long calls under way may take from then on.
    pub(super) fn grace(&self) -> Duration {
        if self.unhurried.load(Ordering::Relaxed) {
            LONG_GRACE
        } else {
            GRACE
        }
    }

    /// Takes the signals over.
    ///
    /// An interrupt goes from the terminal to the whole group, and Terraform passes it on by `StopProvider`: the signal
    /// itself is ignored, but in a debug session, which it ends. SIGTERM may have gone to the whole group, too, from
    /// `timeout` for example. go-plugin lets it kill the provider, and what was just made is lost; here calls under way
    /// are cancelled, and have time to record.
    pub(super) fn on_signals(&self, debug: bool) -> std::io::Result<()> {
        let (mut interrupts, end) = (interrupts()?, self.clone());
        tokio::spawn(async move {
            while interrupts.recv().await.is_some() {
                if debug {
                    end.at_once();
                }
            }
        });
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (mut terminations, end) = (signal(SignalKind::terminate())?, self.clone());
            tokio::spawn(async move {
                while terminations.recv().await.is_some() {
                    end.soon();
                }
            });
        }
        Ok(())
    }

    /// Ends the process when Terraform was killed and could not do it: nobody is connected, and the process that
    /// started this one is gone. go-plugin's servers stay for ever.
    #[cfg(unix)]
    pub(super) fn without_parent(&self, guests: Guests) {
        let (parent, end) = (std::os::unix::process::parent_id(), self.clone());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                if guests.are_none() && std::os::unix::process::parent_id() != parent {
                    tracing::info!("the process that started the provider is gone");
                    end.soon();
                    return;
                }
            }
        });
    }
}

/// Who is connected: each connection holds a clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Guests(Arc<()>);

impl Guests {
    /// Whether there are none. Two clones are no guests: the one that is asked, and the door's.
    #[cfg(unix)]
    fn are_none(&self) -> bool {
        Arc::strong_count(&self.0) <= 2
    }
}

#[cfg(unix)]
fn interrupts() -> std::io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(not(unix))]
fn interrupts() -> std::io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}
