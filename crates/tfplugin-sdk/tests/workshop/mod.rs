//! A provider that makes the mistake that it is configured to make: a workshop whose tools lie in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tfplugin_sdk::model::{Computed, Optional, Required};
use tfplugin_sdk::{
    Context, Diagnostics, Failure, Identify, Identity, Import, Offer, Provider, Resource, validators,
};

/// Keeps tools.
#[derive(Clone, Provider)]
#[provider(name = "workshop")]
pub(crate) struct Workshop {
    /// What it does wrong.
    mistake: Optional<String>,
}

/// The tools by name, and what is done wrong.
#[derive(Debug)]
pub(crate) struct Bench {
    mistake: String,
    tools: Mutex<BTreeMap<String, Tool>>,
}

impl Bench {
    fn makes(&self, mistake: &str) -> bool {
        self.mistake == mistake
    }

    fn tools(&self) -> MutexGuard<'_, BTreeMap<String, Tool>> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Workshop {
    type Client = Bench;

    async fn configure(self) -> Result<Bench, Diagnostics> {
        Ok(Bench {
            mistake: self.mistake.into_option().unwrap_or_default(),
            tools: Mutex::default(),
        })
    }

    fn offer(offer: &mut Offer<Bench>) {
        offer.resource::<Tool>().import().identify();
        offer.resource::<Badge>();
    }
}

/// A tool.
#[derive(Clone, Debug, Resource)]
#[resource(name = "tool")]
pub(crate) struct Tool {
    /// What it is called. Changing it makes a new tool.
    #[attr(replace)]
    name: Required<String>,
    /// What to know about it.
    note: Optional<String>,
    /// How large it is.
    size: Optional<i64>,
    /// What is on it.
    labels: Optional<BTreeMap<String, String>>,
    /// Its number.
    #[attr(keep)]
    id: Computed<String>,
}

/// What tells tools apart.
#[derive(Clone, Identity)]
pub(crate) struct ToolIdentity {
    /// What it is called.
    name: Required<String>,
}

impl Tool {
    fn name(&self) -> String {
        self.name.get().cloned().unwrap_or_default()
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            note: None.into(),
            size: None.into(),
            labels: None.into(),
            id: format!("tool {name}").into(),
        }
    }
}

impl Resource for Tool {
    type Client = Bench;

    async fn create(context: &mut Context<Bench>, mut planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        planned.id = format!("tool {}", planned.name()).into();
        let bench = context.client();
        if bench.makes("normalises in apply") {
            planned.note = planned.note.into_option().map(|note| note.to_lowercase()).into();
        }
        bench.tools().insert(planned.name(), planned.clone());
        Ok(planned)
    }

    async fn read(context: &mut Context<Bench>, state: Self) -> Result<Option<Self>, Diagnostics> {
        let bench = context.client();
        let Some(mut found) = bench.tools().get(&state.name()).cloned() else {
            return Ok(None);
        };
        if bench.makes("forgets in read") {
            found.note = None.into();
        }
        if bench.makes("misses in import") {
            // It reads what it knows of only.
            found.labels = state.labels;
        }
        Ok(Some(found))
    }

    async fn update(
        context: &mut Context<Bench>,
        prior: Self,
        planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        let bench = context.client();
        let mut stored = planned.clone();
        if bench.makes("ignores in update") {
            stored.size = prior.size;
        }
        bench.tools().insert(planned.name(), stored);
        Ok(planned)
    }

    async fn delete(context: &mut Context<Bench>, state: Self) -> Result<(), Failure<Self>> {
        let bench = context.client();
        if !bench.makes("does not delete") {
            bench.tools().remove(&state.name());
        }
        Ok(())
    }
}

impl Import for Tool {
    async fn import(_: &mut Context<Bench>, id: &str) -> Result<Self, Diagnostics> {
        Ok(Self::named(id.strip_prefix("tool ").unwrap_or_default()))
    }
}

impl Identify for Tool {
    type Identity = ToolIdentity;
}

/// A badge, which only one text is good enough for.
#[derive(Clone, Debug, Resource)]
#[resource(name = "badge")]
pub(crate) struct Badge {
    /// What it says.
    #[attr(validate = validators::text("the name of the owner", |text| text == "Ada"))]
    text: Required<String>,
    /// In which colours.
    #[attr(validate = validators::each(validators::one_of(&["red", "blue"])))]
    colours: Optional<Vec<String>>,
}

impl Resource for Badge {
    type Client = Bench;

    async fn create(_: &mut Context<Bench>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn read(_: &mut Context<Bench>, state: Self) -> Result<Option<Self>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(_: &mut Context<Bench>, _: Self, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        Ok(planned)
    }

    async fn delete(_: &mut Context<Bench>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}
