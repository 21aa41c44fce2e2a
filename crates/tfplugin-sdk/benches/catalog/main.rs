//! The provider `catalog`: 200 resources with attributes of every kind, and one with a large state.
//!
//! Its twin, with the same schema and the same answers, is acceptance-tests/tools/framework-provider, which is written with
//! HashiCorp's terraform-plugin-framework. `cargo xtask bench sdk` measures both, and refuses to when they differ. It is a
//! bench and no example because nothing but that wants it built.

mod inventory;
mod item;

use std::process::ExitCode;

use tfplugin_sdk::model::Optional;
use tfplugin_sdk::{Diagnostics, Offer, Provider};

use self::inventory::Inventory;
use self::item::Item;

/// How many resources there are beside the inventory. They differ in nothing but their names.
const ITEMS: u8 = 200;

/// Keeps a catalogue.
#[derive(Clone, Provider)]
#[provider(name = "catalog")]
struct Catalog {
    /// What every address ends with. Default: `example.org`.
    domain: Optional<String>,
}

/// What every address ends with.
struct Domain(String);

impl Provider for Catalog {
    type Client = Domain;

    async fn configure(self) -> Result<Domain, Diagnostics> {
        let domain = self.domain.into_option().filter(|domain| !domain.is_empty());
        Ok(Domain(domain.unwrap_or_else(|| "example.org".to_owned())))
    }

    fn offer(offer: &mut Offer<Domain>) {
        offer.resource::<Inventory>();
        for number in 0..ITEMS {
            offer.resource_as::<Item>(&format!("item_{number:03}"));
        }
    }
}

fn main() -> ExitCode {
    tfplugin_sdk::serve::<Catalog>("registry.terraform.io/example/catalog")
}
