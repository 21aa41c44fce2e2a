//! Functions: what may be given, what comes back, and what is a mistake of the provider.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicI64, Ordering};

use tfplugin_sdk::function::{FunctionError, Given, Variadic};
use tfplugin_sdk::rules::Rule;
use tfplugin_sdk::testing::{Client, Error, InProcess, proto};
use tfplugin_sdk::value::{Type, Value};
use tfplugin_sdk::{Diagnostics, Function, Offer, Provider};

/// Calculates.
#[derive(Clone, Provider)]
#[provider(name = "tools")]
struct Tools {}

impl Provider for Tools {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.function::<Join>();
        offer.function::<Describe>();
        offer.function::<Shout>();
        offer.function::<Count>();
        offer.function::<Panic>();
    }
}

/// Joins words. Nothing else.
#[derive(Function)]
#[function(name = "join", deprecated = "Use `join` of the language.")]
struct Join {
    /// What stands between two words.
    separator: String,
    /// The words.
    words: Variadic<String>,
}

impl Function for Join {
    type Return = String;

    fn call(self) -> Result<String, FunctionError> {
        match self.words.0.iter().position(String::is_empty) {
            Some(empty) => Err(FunctionError::of_argument(empty + 1, "a word must not be empty")),
            None => Ok(self.words.0.join(&self.separator)),
        }
    }
}

/// Says what is given, and hands on what is not known.
#[derive(Function)]
#[function(name = "describe")]
struct Describe {
    /// Anything.
    text: Given<String>,
}

impl Function for Describe {
    type Return = Given<String>;

    fn call(self) -> Result<Given<String>, FunctionError> {
        Ok(match self.text {
            Given::Null => Given::Value("null".to_owned()),
            Given::Value(text) => Given::Value(format!("{text:?}")),
            unknown @ Given::Unknown(_) => unknown,
        })
    }
}

/// Makes a text loud.
#[derive(Function)]
#[function(name = "shout")]
struct Shout {
    /// The text; null stays null.
    text: Option<String>,
    /// Exclamation marks, in whole numbers.
    marks: i64,
}

impl Function for Shout {
    type Return = Option<String>;

    fn call(self) -> Result<Option<String>, FunctionError> {
        let marks =
            usize::try_from(self.marks).map_err(|_| FunctionError::of_argument(1, "no fewer than none"))?;
        Ok(self.text.map(|text| text.to_uppercase() + &"!".repeat(marks)))
    }
}

/// Gives another number each time, which no function may.
#[derive(Function)]
#[function(name = "count")]
struct Count {}

impl Function for Count {
    type Return = i64;

    fn call(self) -> Result<i64, FunctionError> {
        static CALLS: AtomicI64 = AtomicI64::new(0);
        Ok(CALLS.fetch_add(1, Ordering::Relaxed))
    }
}

/// Has a mistake in it.
#[derive(Function)]
#[function(name = "panic")]
struct Panic {}

impl Function for Panic {
    type Return = bool;

    fn call(self) -> Result<bool, FunctionError> {
        unreachable!("a mistake")
    }
}

async fn tools() -> Client {
    InProcess::<Tools>::start().await.unwrap().client().clone()
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

fn refusal(result: Result<Value, Error>) -> FunctionError {
    match result {
        Err(Error::Function { error, .. }) => error,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_told_of_a_function() {
    let client = tools().await;
    let schemas = client.schemas().await.unwrap();
    assert_eq!(schemas.functions.len(), 5);
    let join = &schemas.functions["join"];
    assert_eq!(join.returns, Type::String);
    assert_eq!(join.signature.description, "Joins words. Nothing else.");
    assert_eq!(
        join.signature.deprecated.as_deref(),
        Some("Use `join` of the language.")
    );
    let separator = &join.signature.parameters[0];
    assert_eq!(
        (separator.name.as_str(), separator.null, separator.unknown),
        ("separator", false, false)
    );
    assert_eq!(
        join.signature.variadic.as_ref().unwrap().description,
        "The words."
    );
    let shout = &schemas.functions["shout"].signature.parameters;
    assert_eq!(
        (shout[0].null, shout[1].null, &shout[1].ty),
        (true, false, &Type::Number)
    );
    assert!(schemas.functions["describe"].signature.parameters[0].unknown);

    let listed = client
        .raw()
        .get_functions(proto::GetFunctionsRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.functions["join"].summary, "Joins words.");
    let metadata = client
        .raw()
        .get_metadata(proto::GetMetadataRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(metadata.functions.len(), 5);
}

#[tokio::test]
async fn calls_before_any_configuration() {
    let client = tools().await;
    let call = async |name, arguments: Vec<Value>| client.call_function(name, &arguments).await.unwrap();
    assert_eq!(call("join", texts(&[", "])).await, Value::from(""));
    assert_eq!(
        call("join", texts(&[", ", "a", "b", "c"])).await,
        Value::from("a, b, c")
    );
    assert_eq!(
        call("shout", vec![Value::from("hey"), Value::from(2)]).await,
        Value::from("HEY!!")
    );
    assert_eq!(
        call("shout", vec![Value::Null, Value::from(2)]).await,
        Value::Null
    );
    assert_eq!(call("describe", vec![Value::Null]).await, Value::from("null"));
    assert_eq!(call("describe", texts(&["a"])).await, Value::from("\"a\""));
    assert_eq!(call("describe", vec![Value::UNKNOWN]).await, Value::UNKNOWN);
}

#[tokio::test]
async fn refusals_name_the_argument() {
    let client = tools().await;
    let error = refusal(client.call_function("join", &texts(&[",", "a", ""])).await);
    assert_eq!(error, FunctionError::of_argument(2, "a word must not be empty"));
    let half: Value = serde_json::from_str::<serde_json::Number>("1.5")
        .map(|half| tfplugin_sdk::value::from_json(half.to_string().as_bytes(), &Type::Number).unwrap())
        .unwrap();
    let error = refusal(client.call_function("shout", &[Value::from("a"), half]).await);
    assert_eq!(error.argument, Some(1));
    assert!(error.text.contains("whole number"), "{error}");
}

#[tokio::test]
async fn mistakes_of_the_provider() {
    let client = tools().await;
    let error = refusal(client.call_function("panic", &[]).await);
    assert!(
        error.text.contains("panicked") && error.text.contains("a mistake"),
        "{error}"
    );
    let unchecked = InProcess::<Tools>::start_unchecked().await.unwrap();
    let unstable = unchecked.client().call_function("count", &[]).await.unwrap_err();
    assert_eq!(unstable.violations()[0].rule, Rule::Function);
    let checked = InProcess::<Tools>::start_checked().await.unwrap();
    let told = refusal(checked.client().call_function("count", &[]).await);
    assert!(told.text.contains(&Rule::Function.to_string()), "{told}");
}

#[tokio::test]
async fn what_core_would_not_ask() {
    let client = tools().await;
    let refused = [
        ("join", vec![]),
        ("join", vec![Value::Null]),
        ("join", vec![Value::UNKNOWN]),
        ("count", texts(&["too many"])),
        ("absent", vec![]),
    ];
    for (name, arguments) in refused {
        let error = client.call_function(name, &arguments).await.unwrap_err();
        assert!(matches!(error, Error::Test { .. }), "{name}: {error}");
    }
    // Who asks nevertheless gets an answer.
    let mut raw = client.raw();
    for (name, arguments) in [("join", 0), ("count", 1), ("absent", 0)] {
        let request = proto::CallFunctionRequest {
            name: name.to_owned(),
            arguments: vec![proto::DynamicValue::default(); arguments],
        };
        assert!(
            raw.call_function(request)
                .await
                .unwrap()
                .into_inner()
                .error
                .is_some(),
            "{name}"
        );
    }
}
