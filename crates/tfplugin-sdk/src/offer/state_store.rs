//! State stores: a configuration opens one, and what is open has a type that nobody but its author knows.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{Call, Described, Offer, Outcome, add, finished, typed_validation};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::private::Private;
use crate::state_store::{LockStates, Locking, StateLock, StateStore};
use crate::value::Value;

/// A state store without its Rust type.
#[derive(Debug)]
pub(crate) struct StateStoreEntry<C> {
    pub(crate) schema: Described,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) open: Call<C, Value, Option<Arc<dyn OpenStore>>>,
}

/// What an open store does.
pub(crate) trait OpenStore: fmt::Debug + Send + Sync {
    fn read(&self, cancellation: CancellationToken, id: String) -> Work<Option<Vec<u8>>>;
    fn write(&self, cancellation: CancellationToken, id: String, state: Vec<u8>) -> Work<()>;
    fn list(&self, cancellation: CancellationToken) -> Work<Vec<String>>;
    fn delete(&self, cancellation: CancellationToken, id: String) -> Work<()>;
    /// `None` if its states cannot be locked.
    fn lock(
        &self,
        cancellation: CancellationToken,
        id: String,
        lock: StateLock,
    ) -> Option<Work<Option<Locking>>>;
    /// `None` if its states cannot be locked.
    fn unlock(&self, cancellation: CancellationToken, id: String, lock_id: String) -> Option<Work<()>>;
}

type Work<T> = BoxFuture<'static, Outcome<T>>;

/// A state store just offered, to say what more it can do.
#[derive(Debug)]
pub struct StateStoreOffer<'a, S, C> {
    entry: &'a mut StateStoreEntry<C>,
    store: PhantomData<fn() -> S>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers a state store.
    pub fn state_store<S: StateStore<Client = C>>(&mut self) -> StateStoreOffer<'_, S, C> {
        let entry = StateStoreEntry {
            schema: Described::by(S::schema),
            validate: |config| typed_validation::<S>(config, S::validate),
            open: open_unlocked::<S>,
        };
        let name = format!("{}_{}", self.prefix, S::NAME);
        StateStoreOffer {
            entry: add(&mut self.state_stores, &mut self.repeated, name, entry),
            store: PhantomData,
        }
    }
}

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the offer is made; the value only carries on"
)]
impl<C: Send + Sync + 'static, S: StateStore<Client = C>> StateStoreOffer<'_, S, C> {
    /// Its states can be locked.
    pub fn lock(self) -> Self
    where
        S: LockStates,
    {
        self.entry.open = open_locked::<S>;
        self
    }
}

struct Opened<S: StateStore> {
    store: Arc<S::Store>,
    locks: Option<Locks<S::Store>>,
}

struct Locks<T> {
    lock: Call<T, (String, StateLock), Option<Locking>>,
    unlock: Call<T, (String, String), ()>,
}

/// The store itself may hold secrets.
impl<S: StateStore> fmt::Debug for Opened<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opened({})", S::NAME)
    }
}

impl<S: StateStore> Opened<S> {
    fn context(&self, cancellation: CancellationToken) -> Context<S::Store> {
        Context::new(Arc::clone(&self.store), cancellation, Private::default())
    }
}

impl<S: StateStore> OpenStore for Opened<S> {
    fn read(&self, cancellation: CancellationToken, id: String) -> Work<Option<Vec<u8>>> {
        let mut context = self.context(cancellation);
        Box::pin(async move {
            let result = S::read(&mut context, &id).await;
            ended(context, result)
        })
    }

    fn write(&self, cancellation: CancellationToken, id: String, state: Vec<u8>) -> Work<()> {
        let mut context = self.context(cancellation);
        Box::pin(async move {
            let result = S::write(&mut context, &id, state).await;
            ended(context, result)
        })
    }

    fn list(&self, cancellation: CancellationToken) -> Work<Vec<String>> {
        let mut context = self.context(cancellation);
        Box::pin(async move {
            let result = S::list(&mut context).await;
            ended(context, result)
        })
    }

    fn delete(&self, cancellation: CancellationToken, id: String) -> Work<()> {
        let mut context = self.context(cancellation);
        Box::pin(async move {
            let result = S::delete(&mut context, &id).await;
            ended(context, result)
        })
    }

    fn lock(
        &self,
        cancellation: CancellationToken,
        id: String,
        lock: StateLock,
    ) -> Option<Work<Option<Locking>>> {
        let locks = self.locks.as_ref()?;
        Some((locks.lock)(self.context(cancellation), (id, lock)))
    }

    fn unlock(&self, cancellation: CancellationToken, id: String, lock_id: String) -> Option<Work<()>> {
        let locks = self.locks.as_ref()?;
        Some((locks.unlock)(self.context(cancellation), (id, lock_id)))
    }
}

fn open_unlocked<S: StateStore>(
    context: Context<S::Client>,
    config: Value,
) -> Work<Option<Arc<dyn OpenStore>>> {
    open::<S>(context, config, None)
}

fn open_locked<S: LockStates>(
    context: Context<S::Client>,
    config: Value,
) -> Work<Option<Arc<dyn OpenStore>>> {
    let locks = Locks {
        lock: lock::<S>,
        unlock: unlock::<S>,
    };
    open::<S>(context, config, Some(locks))
}

fn open<S: StateStore>(
    mut context: Context<S::Client>,
    config: Value,
    locks: Option<Locks<S::Store>>,
) -> Work<Option<Arc<dyn OpenStore>>> {
    Box::pin(async move {
        let result = match S::from_value(config) {
            Ok(config) => S::open(&mut context, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        let opened = result.map(|store| {
            let store = Arc::new(store);
            Some(Arc::new(Opened::<S> { store, locks }) as Arc<dyn OpenStore>)
        });
        ended(context, opened)
    })
}

fn lock<S: LockStates>(
    mut context: Context<S::Store>,
    (id, lock): (String, StateLock),
) -> Work<Option<Locking>> {
    Box::pin(async move {
        let result = S::lock(&mut context, &id, lock).await;
        ended(context, result.map(Some))
    })
}

fn unlock<S: LockStates>(mut context: Context<S::Store>, (id, lock_id): (String, String)) -> Work<()> {
    Box::pin(async move {
        let result = S::unlock(&mut context, &id, &lock_id).await;
        ended(context, result)
    })
}

/// An outcome without a result where there is none.
fn ended<T: Default, C>(context: Context<C>, result: Result<T, Diagnostics>) -> Outcome<T> {
    match result {
        Ok(result) => finished(context, result, Diagnostics::default()),
        Err(diagnostics) => finished(context, T::default(), diagnostics),
    }
}
