//! What a state store does: it keeps the state of Terraform itself, one for each workspace.

mod lock;

pub use self::lock::{Locking, StateLock};
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::Model;

/// A place where Terraform keeps its states, from Terraform 1.15 on (`state_store` blocks, experimental there).
///
/// The type it is implemented for is its configuration, in which every value is known. It is stored in plain text, so that
/// there is nothing write-only in it, and nothing of it is computed. A state is a sequence of bytes, and its id is the name of
/// a workspace; both arrive and leave whole.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Mutex;
///
/// use tfplugin_sdk::model::Optional;
/// use tfplugin_sdk::{Context, Diagnostics, StateStore};
///
/// /// Keeps states in memory, as long as the provider runs.
/// #[derive(Clone, StateStore)]
/// #[state_store(name = "memory")]
/// struct Memory {
///     /// What it is for.
///     purpose: Optional<String>,
/// }
///
/// type States = Mutex<BTreeMap<String, Vec<u8>>>;
///
/// impl StateStore for Memory {
///     type Client = ();
///     type Store = States;
///
///     async fn open(_: &mut Context<()>, _: Self) -> Result<States, Diagnostics> {
///         Ok(States::default())
///     }
///
///     async fn read(context: &mut Context<States>, id: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
///         Ok(context.client().lock().unwrap().get(id).cloned())
///     }
///
///     async fn write(context: &mut Context<States>, id: &str, state: Vec<u8>) -> Result<(), Diagnostics> {
///         context.client().lock().unwrap().insert(id.to_owned(), state);
///         Ok(())
///     }
///
///     async fn list(context: &mut Context<States>) -> Result<Vec<String>, Diagnostics> {
///         Ok(context.client().lock().unwrap().keys().cloned().collect())
///     }
///
///     async fn delete(context: &mut Context<States>, id: &str) -> Result<(), Diagnostics> {
///         context.client().lock().unwrap().remove(id);
///         Ok(())
///     }
/// }
/// ```
///
/// A value that Terraform must not store has no place in it:
///
/// ```compile_fail,E0277
/// /// Keeps states in memory.
/// #[derive(Clone, tfplugin_sdk::StateStore)]
/// #[state_store(name = "memory")]
/// struct Memory {
///     /// Encrypts the states.
///     key: tfplugin_sdk::model::WriteOnly<String>,
/// }
/// ```
pub trait StateStore: Model {
    /// What the provider's `configure` returns.
    type Client: Send + Sync + 'static;

    /// The open store: what everything else finds as [`Context::client`].
    type Store: Send + Sync + 'static;

    /// Checks a configuration for what validators of single attributes cannot see.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Opens the store. It is opened again whenever Terraform configures it again.
    fn open(
        context: &mut Context<Self::Client>,
        config: Self,
    ) -> impl Future<Output = Result<Self::Store, Diagnostics>> + Send;

    /// The state of that id, or `None` if there is none. Failing to look is an error, never `None`: Terraform takes `None`
    /// for a new workspace, in which nothing exists yet.
    fn read(
        context: &mut Context<Self::Store>,
        id: &str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Diagnostics>> + Send;

    /// Stores the state of that id, which is never empty, in place of what was there. Whoever reads meanwhile finds the old
    /// state or the new one, and after a failure the old one is still there.
    fn write(
        context: &mut Context<Self::Store>,
        id: &str,
        state: Vec<u8>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// The ids of all states. Terraform shows them as workspaces.
    fn list(
        context: &mut Context<Self::Store>,
    ) -> impl Future<Output = Result<Vec<String>, Diagnostics>> + Send;

    /// Removes the state of that id.
    ///
    /// # Errors
    /// When it cannot be removed, or when there is none.
    fn delete(
        context: &mut Context<Self::Store>,
        id: &str,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// A state store that keeps two users from changing one state at the same time. Without it, Terraform goes on unlocked.
pub trait LockStates: StateStore {
    /// Takes the lock of a state unless somebody has it, in one step that cannot come between another's: a file that must not
    /// exist yet, a conditional write. `lock` is what to store; its id may be replaced by one that the service gives.
    fn lock(
        context: &mut Context<Self::Store>,
        id: &str,
        lock: StateLock,
    ) -> impl Future<Output = Result<Locking, Diagnostics>> + Send;

    /// Gives the lock of a state back.
    ///
    /// # Errors
    /// When the state is not locked, or when `lock_id` is not the id of its lock: users name it, too, in
    /// `terraform force-unlock`.
    fn unlock(
        context: &mut Context<Self::Store>,
        id: &str,
        lock_id: &str,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}
