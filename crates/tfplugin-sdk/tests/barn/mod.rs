//! A barn in several versions of its provider, good ones and bad ones. Its horses live in state alone.

use tfplugin_sdk::model::{Optional, Required};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Offer, Provider, Resource, Upgrade};

/// One version of the provider.
macro_rules! barn {
    ($(#[$meta:meta])* $module:ident: version $version:literal, age $age:ty, $($power:ident)*; $change:expr) => {
        $(#[$meta])*
        pub(crate) mod $module {
            use super::*;

            /// Keeps horses.
            #[derive(Clone, Provider)]
            #[provider(name = "barn")]
            pub(crate) struct Barn {}

            impl Provider for Barn {
                type Client = ();

                async fn configure(self) -> Result<(), Diagnostics> {
                    Ok(())
                }

                fn offer(offer: &mut Offer<()>) {
                    let _ = offer.resource::<Horse>()$(.$power())*;
                }
            }

            /// A horse.
            #[derive(Clone, Debug, Resource)]
            #[resource(name = "horse", version = $version)]
            pub(crate) struct Horse {
                /// What it is called.
                name: Required<String>,
                /// How old it is.
                age: Optional<$age>,
                /// Where it stands.
                stable: Optional<String>,
            }

            impl Resource for Horse {
                type Client = ();

                async fn create(_: &mut Context<()>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
                    Ok(planned)
                }

                async fn read(_: &mut Context<()>, state: Self) -> Result<Option<Self>, Diagnostics> {
                    Ok(Some(state))
                }

                async fn update(
                    _: &mut Context<()>,
                    _: Self,
                    planned: Self,
                    _: Self,
                ) -> Result<Self, Failure<Self>> {
                    Ok(planned)
                }

                async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
                    Ok(())
                }
            }

            impl Upgrade for Horse {
                fn upgrade(_: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
                    let age = state["age"].as_str().and_then(|age| age.parse::<i64>().ok());
                    let change: fn(i64) -> i64 = $change;
                    match age {
                        Some(age) => state["age"] = change(age).into(),
                        None => return Err(Diagnostic::error("No age", "It is not a number.").into()),
                    }
                    Ok(state)
                }
            }
        }
    };
}

barn!(/// The first version.
    first: version 0, age String,; |age| age);
barn!(/// The next one.
    current: version 1, age i64, upgrade; |age| age);
barn!(/// One with another schema under the same version.
    careless: version 0, age i64,; |age| age);
barn!(/// One with a new version and no upgrade.
    forgetful: version 1, age i64,; |age| age);
barn!(/// One whose upgrade is wrong.
    wordy: version 1, age i64, upgrade; |age| age + 1);
