//! Calls of functions.

use super::Service;
use crate::diagnostic::Diagnostic;
use crate::function::{Arguments, FunctionError};
use crate::offer::FunctionEntry;
use crate::provider::Provider;
use crate::rules;
use crate::server::panic::caught;
use crate::value::Value;
use crate::wire::{proto, read_dynamic, write_dynamic};

impl<P: Provider> Service<P> {
    pub(super) fn functions(&self) -> std::collections::BTreeMap<String, proto::Function> {
        let functions = self.shared.offer.functions.iter();
        functions
            .map(|(name, entry)| (name.clone(), entry.into()))
            .collect()
    }

    /// The result, or an error: this answer has no diagnostics.
    pub(super) async fn call_function(
        &self,
        request: &proto::CallFunctionRequest,
    ) -> proto::CallFunctionResponse {
        let called = caught(async { self.called(request) }).await;
        let (result, error) = match called {
            Ok(Ok(result)) => (Some(result), None),
            Ok(Err(error)) => (None, Some(error)),
            Err(panic) => (None, Some(mistake(&panic))),
        };
        proto::CallFunctionResponse {
            result,
            error: error.map(|error| proto::FunctionError {
                text: error.text,
                function_argument: error.argument.and_then(|place| i64::try_from(place).ok()),
            }),
        }
    }

    fn called(&self, request: &proto::CallFunctionRequest) -> Result<proto::DynamicValue, FunctionError> {
        let name = &request.name;
        let entry = self.shared.offer.functions.get(name);
        let entry =
            entry.ok_or_else(|| FunctionError::new(format!("the provider has no function {name:?}")))?;
        let arguments = read_arguments(entry, &request.arguments)?;
        let same = self.shared.checked.then(|| arguments.clone());
        let result = (entry.call)(Arguments::new(arguments))?;
        if let Some(same) = same {
            let unknown = !same.iter().all(Value::is_wholly_known);
            let again = (entry.call)(Arguments::new(same)).unwrap_or(Value::Null);
            let judged = self.check("CallFunction", name, || rules::function(&result, &again, unknown));
            judged.map_err(|problem| mistake(&problem))?;
        }
        write_dynamic(&result, &entry.returns).map_err(|problem| mistake(&problem))
    }
}

fn read_arguments(
    entry: &FunctionEntry,
    arguments: &[proto::DynamicValue],
) -> Result<Vec<Value>, FunctionError> {
    let expected = entry.signature.parameters.len();
    if arguments.len() < expected {
        let text = format!(
            "{expected} arguments are required, and {} are given",
            arguments.len()
        );
        return Err(FunctionError::new(text));
    }
    let read = |(place, argument): (usize, &proto::DynamicValue)| {
        let excess = || FunctionError::of_argument(place, format!("at most {expected} arguments are taken"));
        let parameter = entry.signature.parameter(place).ok_or_else(excess)?;
        read_dynamic(Some(argument), &parameter.ty).map_err(|problem| FunctionError {
            argument: Some(place),
            ..mistake(&problem)
        })
    };
    arguments.iter().enumerate().map(read).collect()
}

/// A mistake of the provider in the only words that this answer has.
fn mistake(problem: &Diagnostic) -> FunctionError {
    FunctionError::new(format!("{}: {}", problem.summary, problem.detail))
}
