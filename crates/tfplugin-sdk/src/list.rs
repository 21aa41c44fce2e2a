//! What a list resource does: it finds what exists, whether Terraform manages it or not.

use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::identity::Identify;
use crate::model::{Members, Model};
use crate::resource::Resource;
use crate::value::Value;

/// A query for the things of a resource, as `terraform query` asks it. It has the resource's name.
///
/// The type it is implemented for is the query's configuration, of which nothing is computed.
///
/// ```
/// # use tfplugin_sdk::model::{Optional, Required};
/// # use tfplugin_sdk::{Context, Diagnostics, Failure, Identify, Identity, Resource};
/// use tfplugin_sdk::{ListResource, Listing};
/// # /// A card.
/// # #[derive(Clone, Resource)]
/// # #[resource(name = "card")]
/// # struct Card {
/// #     /// Whom it is for.
/// #     name: Required<String>,
/// # }
/// # impl Resource for Card {
/// #     type Client = Vec<Card>;
/// #     async fn create(_: &mut Context<Vec<Card>>, planned: Self, _: Self) -> Result<Self, Failure<Self>> { Ok(planned) }
/// #     async fn read(_: &mut Context<Vec<Card>>, state: Self) -> Result<Option<Self>, Diagnostics> { Ok(Some(state)) }
/// #     async fn update(_: &mut Context<Vec<Card>>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> { Ok(planned) }
/// #     async fn delete(_: &mut Context<Vec<Card>>, _: Self) -> Result<(), Failure<Self>> { Ok(()) }
/// # }
/// # /// What tells cards apart.
/// # #[derive(Clone, Identity)]
/// # struct CardIdentity {
/// #     /// Whom it is for.
/// #     name: Required<String>,
/// # }
/// # impl Identify for Card { type Identity = CardIdentity; }
///
/// /// Finds cards.
/// #[derive(Clone, ListResource)]
/// struct Cards {
///     /// What their names begin with.
///     prefix: Optional<String>,
/// }
///
/// impl ListResource for Cards {
///     type Resource = Card;
///
///     async fn list(context: &mut Context<Vec<Card>>, query: Self, listing: &Listing<Card>) -> Result<(), Diagnostics> {
///         let prefix = query.prefix.into_option().unwrap_or_default();
///         for card in context.client().iter() {
///             let name = card.name.get().cloned().unwrap_or_default();
///             if name.starts_with(&prefix) && listing.add(name, card.clone()).await.is_break() {
///                 break;
///             }
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait ListResource: Members {
    /// The resource whose things it finds. The provider must offer it, with its identity.
    type Resource: Identify;

    /// Checks a configuration for what validators of single attributes cannot see. Values may be unknown.
    fn validate(_config: &Self, _diagnostics: &mut Diagnostics) {}

    /// Finds things, and adds each to `listing` as it is found: page by page, so that nothing is held that is not read.
    /// When that says to stop, enough is found, or nobody waits for more.
    ///
    /// # Errors
    /// When it cannot look. What was added before is shown nevertheless.
    fn list(
        context: &mut Context<<Self::Resource as Resource>::Client>,
        query: Self,
        listing: &Listing<Self::Resource>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// One thing that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) display_name: String,
    pub(crate) state: Value,
}

/// Where a query puts what it finds.
#[derive(Debug)]
pub struct Listing<R> {
    found: mpsc::Sender<Found>,
    cancellation: CancellationToken,
    limit: usize,
    with_resource: bool,
    count: AtomicUsize,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Listing<R> {
    pub(crate) fn new(
        found: mpsc::Sender<Found>,
        cancellation: CancellationToken,
        limit: usize,
        with_resource: bool,
    ) -> Self {
        Self {
            found,
            cancellation,
            limit,
            with_resource,
            count: AtomicUsize::new(0),
            resource: PhantomData,
        }
    }

    /// How many more things are wanted, for example as the size of a page.
    #[must_use]
    pub fn left(&self) -> usize {
        let count = self.count.load(Ordering::Relaxed);
        self.limit.saturating_sub(count)
    }

    /// Whether the user wants the whole things. If not, it is enough if their state holds their identity.
    #[must_use]
    pub fn with_resource(&self) -> bool {
        self.with_resource
    }

    /// Adds a thing that was found, under a name for people to read. Waits while earlier ones are not read yet.
    pub async fn add(&self, display_name: impl Into<String>, state: R) -> ControlFlow<()> {
        if self.left() == 0 {
            return ControlFlow::Break(());
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let found = Found {
            display_name: display_name.into(),
            state: Model::into_value(state),
        };
        tokio::select! {
            biased;
            () = self.cancellation.cancelled() => ControlFlow::Break(()),
            sent = self.found.send(found) => match sent {
                Ok(()) if self.left() > 0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            },
        }
    }
}
