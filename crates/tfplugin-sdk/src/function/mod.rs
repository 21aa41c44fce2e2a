//! Functions, which configurations call as `provider::NAME::FUNCTION(…)`.
//!
//! A struct derives [`crate::Function`]: its fields are the parameters, in order. What a field's type is says what may be
//! given for it:
//!
//! | type | argument |
//! |---|---|
//! | `T` | known and not null; Terraform sees to both |
//! | `Option<T>` | may be null |
//! | [`Given<T>`] | may be null, or not known yet |
//! | [`Variadic<T>`] | any number of the rest; only as the last field |
//!
//! ```
//! use tfplugin_sdk::Function;
//! use tfplugin_sdk::function::{FunctionError, Variadic};
//!
//! /// Joins words.
//! #[derive(Function)]
//! #[function(name = "join")]
//! struct Join {
//!     /// What stands between two words.
//!     separator: String,
//!     /// The words.
//!     words: Variadic<String>,
//! }
//!
//! impl Function for Join {
//!     type Return = String;
//!
//!     fn call(self) -> Result<String, FunctionError> {
//!         if self.separator.is_empty() {
//!             return Err(FunctionError::of_argument(0, "a separator must not be empty"));
//!         }
//!         Ok(self.words.0.join(&self.separator))
//!     }
//! }
//! ```

mod error;
mod parameter;
mod result;
mod signature;

pub use self::{
    error::FunctionError,
    parameter::{Arguments, Given, Parameter, Variadic},
    result::Returned,
    signature::{Declared, Signature},
};

/// A function. The type it is implemented for is its parameters.
///
/// Terraform may call it at any time, also before it configures the provider, and several times: what it returns must
/// follow from its arguments alone.
pub trait Function: Parameters {
    /// What it returns.
    type Return: Returned;

    /// Carries the call out.
    ///
    /// # Errors
    /// When the arguments are not what it takes; the user reads the text beside the call.
    fn call(self) -> Result<Self::Return, FunctionError>;
}

/// The parameters of a function. Implemented by the derive.
pub trait Parameters: Sized + 'static {
    /// The function's name.
    const NAME: &'static str;

    /// What users are told of the function, without its result.
    fn signature() -> Signature;

    /// Reads the struct from the arguments of a call.
    ///
    /// # Errors
    /// When an argument is valid for Terraform and yet not what the Rust type takes.
    fn from_arguments(arguments: Arguments) -> Result<Self, FunctionError>;
}
