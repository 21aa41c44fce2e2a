//! Calls of functions.

use super::verdict::{Verdict, failed};
use super::{Client, Error, Result, proto, write};
use crate::function::{Declared, FunctionError};
use crate::path::Path;
use crate::rules::{self, Rule, Violation};
use crate::schema::Block;
use crate::testing::schemas::FunctionSchema;
use crate::value::Value;

const RPC: &str = "CallFunction";

impl Client {
    /// Calls a function, twice, as what it returns must not change.
    ///
    /// # Errors
    /// When the provider refuses it ([`Error::Function`]), or core would not ask: an argument too many or too few, null
    /// or unknown where the parameter does not allow it.
    pub async fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Value> {
        let schemas = self.schemas().await?;
        let unknown = || Error::test(format!("the provider has no function {name:?}"));
        let function = schemas.functions.get(name).ok_or_else(unknown)?;
        let parameters = parameters_of(function, arguments)?;
        let encoded = arguments
            .iter()
            .zip(parameters)
            .map(|(argument, parameter)| Ok(write(argument, &parameter.ty)?.unwrap_or_default()));
        let request = proto::CallFunctionRequest {
            name: name.to_owned(),
            arguments: encoded.collect::<Result<_>>()?,
        };
        let first = self.raw().call_function(request.clone()).await;
        let first = first.map_err(failed(RPC, name))?.into_inner();
        let again = self.raw().call_function(request).await;
        let again = again.map_err(failed(RPC, name))?.into_inner();
        let mut verdict = Verdict::new(RPC, name, &Block::default(), Vec::new());
        if let Some(error) = first.error {
            verdict.found(argument_exists(&error, arguments.len()));
            verdict.end(())?;
            return Err(Error::Function {
                name: name.to_owned(),
                error: FunctionError {
                    text: error.text,
                    argument: error
                        .function_argument
                        .and_then(|place| usize::try_from(place).ok()),
                },
            });
        }
        let result = verdict.read(first.result.as_ref(), &function.returns);
        let again = if again.result == first.result {
            result.clone()
        } else {
            verdict.read(again.result.as_ref(), &function.returns)
        };
        let unknown = arguments.iter().any(|argument| !argument.is_wholly_known());
        verdict.found(rules::function(&result, &again, unknown));
        Ok(verdict.end(result)?.value)
    }
}

/// The parameter of each argument, which must be one that core would pass for it.
fn parameters_of<'a>(function: &'a FunctionSchema, arguments: &[Value]) -> Result<Vec<&'a Declared>> {
    let signature = &function.signature;
    if arguments.len() < signature.parameters.len() {
        return Err(Error::test("there are fewer arguments than parameters"));
    }
    let parameter = |(place, argument): (usize, &Value)| {
        let excess = || Error::test("there are more arguments than parameters");
        let parameter = signature.parameter(place).ok_or_else(excess)?;
        if *argument == Value::Null && !parameter.null {
            return Err(Error::test(format!("{} must not be null", parameter.name)));
        }
        if !argument.is_wholly_known() && !parameter.unknown {
            return Err(Error::test(format!(
                "{} must be known: core answers such calls itself",
                parameter.name
            )));
        }
        Ok(parameter)
    };
    arguments.iter().enumerate().map(parameter).collect()
}

fn argument_exists(error: &proto::FunctionError, arguments: usize) -> Vec<Violation> {
    let exists = |place| usize::try_from(place).is_ok_and(|place| place < arguments);
    match error.function_argument {
        Some(place) if !exists(place) => {
            let message = format!("the error is about argument {place}, counted from 0, of {arguments}");
            vec![Violation::new(&Path::default(), Rule::Function, message)]
        }
        _ => Vec::new(),
    }
}
