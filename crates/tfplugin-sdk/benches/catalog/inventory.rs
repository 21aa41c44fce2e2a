//! One resource with a large state.

use tfplugin_sdk::model::{Computed, Optional, OptionalComputed, Required};
use tfplugin_sdk::{Context, Diagnostics, Failure, Object, Resource, validators};

use crate::Domain;

/// Everything that is in store.
#[derive(Clone, Resource)]
#[resource(name = "inventory")]
pub(crate) struct Inventory {
    /// Of which store. Changing it makes a new inventory.
    #[attr(replace)]
    name: Required<String>,
    /// One article each.
    entries: Required<Vec<Entry>>,
}

/// One article.
#[derive(Clone, Object)]
struct Entry {
    /// The article's number.
    #[attr(validate = validators::length(1, 40))]
    article: Required<String>,
    /// What it is.
    title: Optional<String>,
    /// Who delivers it.
    supplier: Optional<String>,
    /// Where it lies.
    place: Optional<String>,
    /// What is counted.
    unit: Optional<String>,
    /// What else there is to say.
    notes: Optional<String>,
    /// How many there are.
    count: Required<i64>,
    /// How many there should be.
    minimum: Optional<i64>,
    /// Whether it is still sold. Default: `true`.
    #[attr(default = true)]
    active: OptionalComputed<bool>,
    /// What is printed on it.
    mark: Computed<String>,
}

impl Inventory {
    /// The inventory as it is once it is made.
    fn finished(self) -> Self {
        let Self { name, entries } = self;
        let store = name.get().map_or("", String::as_str);
        let marked = entries.into_option().map(|entries| {
            let mark = |mut entry: Entry| {
                let article = entry.article.get().map_or("", String::as_str);
                entry.mark = format!("{store}/{article}").into();
                entry
            };
            entries.into_iter().map(mark).collect::<Vec<_>>()
        });
        Self {
            entries: marked.into(),
            name,
        }
    }
}

impl Resource for Inventory {
    type Client = Domain;

    async fn create(_: &mut Context<Domain>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned.finished())
    }

    async fn read(_: &mut Context<Domain>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(_: &mut Context<Domain>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned.finished())
    }

    async fn delete(_: &mut Context<Domain>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}
