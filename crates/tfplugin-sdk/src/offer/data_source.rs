//! Data sources.

use futures::future::BoxFuture;

use super::{Call, Described, Offer, Outcome, add, finished, typed_validation};
use crate::context::Context;
use crate::data_source::DataSource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Value;

/// A data source without its Rust type.
#[derive(Debug)]
pub(crate) struct DataSourceEntry<C> {
    pub(crate) schema: Described,
    pub(crate) validate: fn(Value) -> Diagnostics,
    pub(crate) read: Call<C, Value, Value>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers a data source.
    pub fn data_source<D: DataSource<Client = C>>(&mut self) {
        let entry = DataSourceEntry {
            schema: Described::by(D::schema),
            validate: |config| typed_validation::<D>(config, D::validate),
            read: read_data_source::<D>,
        };
        let name = format!("{}_{}", self.prefix, D::NAME);
        add(&mut self.data_sources, &mut self.repeated, name, entry);
    }
}

fn read_data_source<D: DataSource>(
    mut context: Context<D::Client>,
    config: Value,
) -> BoxFuture<'static, Outcome<Value>> {
    Box::pin(async move {
        let result = match D::from_value(config) {
            Ok(config) => D::read(&mut context, config).await,
            Err(error) => Err(Diagnostic::from(error).into()),
        };
        match result {
            Ok(found) => finished(context, found.into_value(), Diagnostics::default()),
            Err(diagnostics) => finished(context, Value::Null, diagnostics),
        }
    })
}
