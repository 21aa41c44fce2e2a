//! Functions.

use super::{Offer, add};
use crate::function::{Arguments, Function, FunctionError, Returned, Signature};
use crate::value::{Type, Value};

/// A function without its Rust type.
#[derive(Debug)]
pub(crate) struct FunctionEntry {
    pub(crate) signature: Signature,
    pub(crate) returns: Type,
    pub(crate) call: fn(Arguments) -> Result<Value, FunctionError>,
}

impl<C: Send + Sync + 'static> Offer<C> {
    /// Offers a function.
    pub fn function<F: Function>(&mut self) {
        let entry = FunctionEntry {
            signature: F::signature(),
            returns: F::Return::ty(),
            call: |arguments| Ok(F::from_arguments(arguments)?.call()?.into_value()),
        };
        add(&mut self.functions, &mut self.repeated, F::NAME.to_owned(), entry);
    }
}
