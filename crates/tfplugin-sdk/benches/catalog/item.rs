//! An item of the catalogue: attributes of every kind.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin_sdk::model::{Computed, Optional, OptionalComputed, Required, Sensitive, WriteOnly};
use tfplugin_sdk::{Context, Diagnostics, Failure, Object, Resource, validators};

use crate::Domain;

/// An item of the catalogue.
#[derive(Clone, Resource)]
#[resource(name = "item")]
pub(crate) struct Item {
    /// By what the item is known.
    #[attr(keep)]
    id: Computed<String>,
    /// What the item is called. Changing it makes a new item.
    #[attr(replace, validate = validators::length(1, 80))]
    name: Required<String>,
    /// Where the item is. Changing it makes a new item.
    #[attr(replace, validate = validators::text("a region such as eu-1", is_region))]
    region: Required<String>,
    /// What people read.
    title: Optional<String>,
    /// Whom to ask.
    owner: Optional<String>,
    /// How large the item is, in GiB.
    size: Optional<i64>,
    /// How often what fails is tried again. Default: `3`.
    #[attr(default = 3)]
    retries: OptionalComputed<i64>,
    /// Whether the item can be ordered. Default: `true`.
    #[attr(default = true)]
    enabled: OptionalComputed<bool>,
    /// How good the item is: `basic`, `standard` or `premium`. Default: `standard`.
    #[attr(default = "standard", validate = validators::one_of(&["basic", "standard", "premium"]))]
    tier: OptionalComputed<String>,
    /// When the item is delivered.
    schedule: Optional<String>,
    /// The one label of old.
    #[attr(deprecated = "Use labels.")]
    label: Optional<String>,
    /// By what the item is found.
    labels: Optional<BTreeMap<String, String>>,
    /// Where in the region the item may be, the best first.
    zones: Optional<Vec<String>>,
    /// On which ports the item listens.
    ports: Optional<BTreeSet<i64>>,
    /// What opens the item.
    password: Optional<Sensitive<String>>,
    /// What orders the item. It is never stored.
    token: WriteOnly<Sensitive<String>>,
    /// How the item is connected.
    network: Optional<Network>,
    /// What the item stores on.
    disks: Optional<Vec<Disk>>,
    /// Who may use the item, by name.
    users: Optional<BTreeMap<String, User>>,
    /// Where the item is reached.
    address: Computed<String>,
    /// When the item was made.
    #[attr(keep)]
    created: Computed<String>,
}

/// How the item is connected.
#[derive(Clone, Object)]
struct Network {
    /// Its addresses.
    range: Required<String>,
    /// Its port.
    port: Optional<i64>,
    /// Whether nobody else sees it.
    internal: Optional<bool>,
    /// What else it reaches.
    peers: Optional<Vec<String>>,
}

/// What the item stores on.
#[derive(Clone, Object)]
struct Disk {
    /// The disk's name.
    name: Required<String>,
    /// Its size in GiB.
    size: Required<i64>,
    /// What it is made of.
    kind: Optional<String>,
    /// Whether it is encrypted.
    encrypted: Optional<bool>,
}

/// Who may use the item.
#[derive(Clone, Object)]
struct User {
    /// Where the user is written to.
    email: Required<String>,
    /// What the user belongs to.
    groups: Optional<Vec<String>>,
    /// Whether the user may do everything.
    admin: Optional<bool>,
}

fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

impl Item {
    /// The item as it is once it is made.
    fn finished(mut self, domain: &Domain) -> Self {
        let [name, region] = [&self.name, &self.region].map(|text| text.get().map_or("", String::as_str));
        self.id = format!("{region}/{name}").into();
        self.address = format!("{name}.{region}.{}", domain.0).into();
        self.created = "2026-01-01T00:00:00Z".into();
        self
    }
}

impl Resource for Item {
    type Client = Domain;

    async fn create(context: &mut Context<Domain>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned.finished(context.client()))
    }

    async fn read(_: &mut Context<Domain>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Domain>,
        _: Self,
        planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        Ok(planned.finished(context.client()))
    }

    async fn delete(_: &mut Context<Domain>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}
