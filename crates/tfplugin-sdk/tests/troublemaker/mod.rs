//! A provider on the SDK that breaks core's rules on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use tfplugin_sdk::model::{Block, BlockList, Computed, Optional, OptionalComputed, Required, Sensitive};
use tfplugin_sdk::{
    Change, Context, DataSource, Diagnostic, Diagnostics, Failure, Import, Object, Offer, Path, Plan,
    Planned, Provider, Resource,
};

/// Makes trouble.
#[derive(Clone, Provider)]
#[provider(name = "trouble")]
pub(crate) struct Trouble {}

impl Provider for Trouble {
    /// Counts, for what must not change from one plan to the next.
    type Client = AtomicI64;

    async fn configure(self) -> Result<AtomicI64, Diagnostics> {
        Ok(AtomicI64::new(0))
    }

    fn offer(offer: &mut Offer<AtomicI64>) {
        offer.resource::<Maker>().plan().import();
        offer.data_source::<Gap>();
    }
}

/// Makes the trouble that it is told to make.
#[derive(Clone, Resource)]
#[resource(name = "maker")]
pub(crate) struct Maker {
    /// Which trouble.
    fault: Required<String>,
    /// Something to set.
    note: Optional<String>,
    /// Something to count.
    size: OptionalComputed<i64>,
    /// Something to compute.
    id: Computed<String>,
    /// Something to hide.
    token: Optional<Sensitive<String>>,
    /// Several things.
    tags: Optional<BTreeSet<String>>,
    /// Several things in order.
    steps: Optional<Vec<String>>,
    /// Several things by name.
    labels: Optional<BTreeMap<String, String>>,
    /// An object.
    part: Optional<Part>,
    /// Objects.
    parts: Optional<Vec<Part>>,
    /// A block.
    limit: Block<Part>,
    /// Blocks.
    rule: BlockList<Part>,
}

/// A part.
#[derive(Clone, Object)]
pub(crate) struct Part {
    /// What it is called.
    name: Optional<String>,
}

fn part(name: &str) -> Part {
    Part { name: name.into() }
}

impl Maker {
    fn fault(&self) -> &str {
        self.fault.get().map_or("", String::as_str)
    }
}

impl Resource for Maker {
    type Client = AtomicI64;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        match config.fault() {
            "diagnostic without a place" => {
                diagnostics.push(Diagnostic::warning("Somewhere", "").at("nowhere"));
            }
            "diagnostic without a summary" => diagnostics.push(Diagnostic::warning("", "Something.")),
            _ => {}
        }
    }

    async fn create(
        context: &mut Context<AtomicI64>,
        mut planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        planned.id = "1".into();
        if planned.size.is_unknown() {
            planned.size = 0.into();
        }
        match config.fault() {
            "another value" | "a value from nowhere" => planned.note = "another".into(),
            "a value lost" => planned.note = None.into(),
            "another secret" => planned.token = Sensitive::new("hunter2".to_owned()).into(),
            "another element of a set" => planned.tags = BTreeSet::from(["z".to_owned()]).into(),
            "more elements of a set" => {
                planned.tags = BTreeSet::from(["a".to_owned(), "z".to_owned()]).into();
            }
            "more elements of a list" => planned.steps = vec!["a".to_owned(), "z".to_owned()].into(),
            "another element of a map" => {
                planned.labels = BTreeMap::from([("z".to_owned(), "a".to_owned())]).into();
            }
            "more blocks" => planned.rule.0.push(part("z")),
            "a block lost" => planned.limit = Block(None),
            "another value in a block" => planned.rule.0[0] = part("z"),
            "a value left open" => planned.id = Computed::unknown(),
            "a failure" => {
                planned.note = "half done".into();
                let diagnostics = Diagnostic::error("It failed", "And left something.");
                return Err(Failure::with_state(diagnostics, planned));
            }
            _ => {}
        }
        context.client().fetch_add(1, Ordering::Relaxed);
        Ok(planned)
    }

    async fn read(_: &mut Context<AtomicI64>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        if state.fault() == "a read left open" {
            state.id = Computed::unknown();
        }
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<AtomicI64>,
        _: Self,
        planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        Self::create(context, planned, config).await
    }

    async fn delete(_: &mut Context<AtomicI64>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Plan for Maker {
    async fn plan(
        context: &mut Context<AtomicI64>,
        change: Change<Self>,
    ) -> Result<Planned<Self>, Diagnostics> {
        let Change {
            config,
            prior,
            mut proposed,
        } = change;
        let mut replace: Vec<Path> = Vec::new();
        match config.fault() {
            "plan another value" | "plan a value from nowhere" => proposed.note = "another".into(),
            "plan another secret" => proposed.token = Sensitive::new("hunter2".to_owned()).into(),
            "plan no block" => proposed.limit = Block(None),
            "plan no object" => proposed.part = None.into(),
            "plan more blocks" => proposed.rule.0.push(part("z")),
            "plan more objects" => proposed.parts = vec![part("a"), part("z")].into(),
            "plan another value in an object" => proposed.part = part("z").into(),
            "plan an unknown object" => proposed.part = Optional::unknown(),
            "plan by chance" => {
                proposed.size = context.client().fetch_add(1, Ordering::Relaxed).into();
            }
            // Every other time.
            "plan another action"
                if prior.is_some() && context.client().fetch_add(1, Ordering::Relaxed) % 2 == 0 =>
            {
                replace.push("note".into());
            }
            "replace for nothing" => replace.push("nothing".into()),
            _ => {}
        }
        Ok(Planned {
            state: proposed,
            replace,
        })
    }
}

impl Import for Maker {
    async fn import(_: &mut Context<AtomicI64>, id: &str) -> Result<Self, Diagnostics> {
        Ok(Self {
            fault: "none".into(),
            note: None.into(),
            size: 0.into(),
            id: if id == "open" {
                Computed::unknown()
            } else {
                id.into()
            },
            token: None.into(),
            tags: None.into(),
            steps: None.into(),
            labels: None.into(),
            part: None.into(),
            parts: None.into(),
            limit: Block(None),
            rule: BlockList(Vec::new()),
        })
    }
}

/// Leaves a gap.
#[derive(Clone, DataSource)]
#[data_source(name = "gap")]
pub(crate) struct Gap {
    /// What is missing.
    missing: Computed<String>,
}

impl DataSource for Gap {
    type Client = AtomicI64;

    async fn read(_: &mut Context<AtomicI64>, mut config: Self) -> Result<Self, Diagnostics> {
        config.missing = Computed::unknown();
        Ok(config)
    }
}
