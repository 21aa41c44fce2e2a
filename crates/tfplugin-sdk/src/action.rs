//! What an action does: something that happens once when it is asked for, and of which nothing is stored.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::Model;

/// Something that is done when a user or a change of a resource asks for it: a restart, a backup, a message.
///
/// The type it is implemented for is its configuration. There is no result and no state, so that nothing of it is
/// computed; what must not be stored in a plan is write-only.
///
/// ```
/// use tfplugin_sdk::model::Required;
/// use tfplugin_sdk::{Action, Context, Diagnostics, Progress};
///
/// /// Restarts a machine.
/// #[derive(Clone, Action)]
/// #[action(name = "restart")]
/// struct Restart {
///     /// The machine's name.
///     name: Required<String>,
/// }
///
/// impl Action for Restart {
///     type Client = ();
///
///     async fn invoke(_: &mut Context<()>, config: Self, progress: &Progress) -> Result<(), Diagnostics> {
///         let name = config.name.into_option().unwrap_or_default();
///         progress.say(format!("{name} goes down")).await;
///         progress.say(format!("{name} is back")).await;
///         Ok(())
///     }
/// }
/// ```
///
/// The same with a result does not compile:
///
/// ```compile_fail,E0277
/// /// Restarts a machine.
/// #[derive(Clone, tfplugin_sdk::Action)]
/// #[action(name = "restart")]
/// struct Restart {
///     /// How often it was restarted.
///     count: tfplugin_sdk::model::Computed<i64>,
/// }
/// ```
pub trait Action: Model {
    /// What the provider's `configure` returns.
    type Client: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown. What has become
    /// known by then is checked again before a plan and before the invocation.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Does it. The configuration is wholly known; write-only values may be null though they are required, because
    /// Terraform keeps no ephemeral value of an action that is planned by itself.
    ///
    /// What is said to `progress` reaches the user at once. When the user interrupts, or when nobody waits for the end any
    /// more, [`Context::cancellation`] is cancelled: stop then, and say in an error what is not done.
    fn invoke(
        context: &mut Context<Self::Client>,
        config: Self,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// An action that is looked at before it is promised to the user.
pub trait PlanAction: Action {
    /// Looks at what is to be done, and changes nothing. Values may be unknown.
    ///
    /// # Errors
    /// When it cannot be done. The plan then fails.
    fn plan(
        context: &mut Context<Self::Client>,
        config: Self,
    ) -> impl Future<Output = Result<ActionPlan, Diagnostics>> + Send;
}

/// What comes of looking at an action before it is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionPlan {
    /// It will be invoked, as far as can be seen.
    Promised,
    /// Nothing can be seen yet, because the provider's own configuration is not wholly known. Terraform puts the action off
    /// where it can, and where it cannot, the plan fails and says why. It knows no other reason to put an action off.
    ProviderUnknown,
}

/// Where an action says what it is doing. It cannot be kept: nothing is said after the end.
#[derive(Debug)]
pub struct Progress {
    messages: mpsc::Sender<String>,
    cancellation: CancellationToken,
}

impl Progress {
    pub(crate) fn new(messages: mpsc::Sender<String>, cancellation: CancellationToken) -> Self {
        Self {
            messages,
            cancellation,
        }
    }

    /// Tells the user, in a line of text. Where many lines wait to be read this waits as well, but never after the
    /// action was cancelled.
    pub async fn say(&self, message: impl Into<String>) {
        let message = message.into();
        tokio::select! {
            biased;
            // That nobody listens any more is told by the cancellation.
            _ = self.messages.send(message) => {}
            () = self.cancellation.cancelled() => {}
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use futures::FutureExt;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::Progress;

    #[tokio::test]
    async fn a_full_queue_holds_nobody_up_after_the_cancellation() {
        let (sender, mut receiver) = mpsc::channel(1);
        let cancellation = CancellationToken::new();
        let progress = Progress::new(sender, cancellation.clone());
        progress.say("first").await;
        assert!(
            progress.say("second").now_or_never().is_none(),
            "it waits for room"
        );
        cancellation.cancel();
        assert!(progress.say("third").now_or_never().is_some(), "it waits no more");
        assert_eq!(receiver.recv().await.unwrap(), "first");
        progress.say("there is room").await;
        drop(progress);
        assert_eq!(receiver.recv().await.unwrap(), "there is room");
        assert_eq!(receiver.recv().await, None);
    }

    #[tokio::test]
    async fn nobody_need_listen() {
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        let progress = Progress::new(sender, CancellationToken::new());
        progress.say("first").await;
        progress.say("second").await;
    }
}
