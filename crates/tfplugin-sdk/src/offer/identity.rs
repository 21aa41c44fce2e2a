//! Identities, and what another type has stored.

use futures::future::BoxFuture;

use super::resource::UpgradeState;
use super::{Call, Described, Outcome, finished};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::identity::{Identify, Identity};
use crate::model::{Attributes, Members, ModelError};
use crate::moved::{Move, Moved, Source};
use crate::private::Private;
use crate::schema::{Schema, Usage};
use crate::value::Value;

/// An identity without its Rust type.
#[derive(Debug)]
pub(crate) struct IdentityEntry<C> {
    pub(crate) schema: Described,
    pub(crate) mutable: bool,
    pub(crate) of: fn(Value) -> Result<Value, ModelError>,
    pub(crate) import: Call<C, Value, Value>,
    pub(crate) upgrade: Option<UpgradeState>,
}

/// What a resource made of what another type has stored.
pub(crate) type TakeOver = fn(&Source) -> Result<Option<(Value, Private)>, Diagnostics>;

impl<C: Send + Sync + 'static> IdentityEntry<C> {
    pub(super) fn new<R: Identify<Client = C>>() -> Self {
        Self {
            schema: Described::by(|| Schema {
                version: R::Identity::VERSION,
                block: R::Identity::block(),
            }),
            mutable: R::MUTABLE,
            of: |state| {
                Ok(Value::Mapping(
                    R::from_value(state)?.identity()?.into_attributes(),
                ))
            },
            import: import::<R>,
            upgrade: None,
        }
    }
}

impl<C> IdentityEntry<C> {
    /// Whether an identity says everything that an import needs.
    pub(crate) fn is_complete(&self, identity: &Value) -> bool {
        let required = self.schema.block.attributes.iter();
        identity.is_wholly_known()
            && required
                .filter(|attribute| attribute.usage == Usage::Required)
                .all(|attribute| !identity.attribute(&attribute.name).is_null())
    }
}

fn import<R: Identify>(
    mut context: Context<R::Client>,
    identity: Value,
) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let typed = Attributes::of(identity).and_then(R::Identity::from_attributes);
        let result = match typed {
            Ok(identity) => R::import_by_identity(&mut context, identity).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(state) => finished(context, state.into_value(), Diagnostics::default()),
            Err(diagnostics) => finished(context, Value::Null, diagnostics),
        }
    })
}

pub(super) fn take_over<R: Move>(source: &Source) -> Result<Option<(Value, Private)>, Diagnostics> {
    let moved = R::take_over(source)?;
    Ok(moved.map(|Moved { state, private }| (state.into_value(), private)))
}
