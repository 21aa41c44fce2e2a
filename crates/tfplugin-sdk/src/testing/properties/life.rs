//! One case led through the life of a resource.

use serde_json::Value as Json;

use super::case::{Case, Variant};
use super::counterexample::Stage;
use super::options::{ById, Options};
use super::places;
use crate::rules::Action;
use crate::schema::Block;
use crate::semantic::Spelling;
use crate::testing::lifecycle::difference;
use crate::testing::{Client, Error, Lifecycle, PlannedChange, Result};
use crate::value::Value;

/// What went wrong, and where.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) stage: Stage,
    pub(super) error: Error,
    /// Whether it came after the change to another configuration had begun.
    pub(super) changed: bool,
}

impl Fault {
    /// Whether it is the same as another one, or comes in a creation as that one does in a change.
    pub(super) fn is_as_simple_as(&self, other: &Self) -> bool {
        let same = self.stage == other.stage || self.stage == other.stage.in_creation();
        same && (other.changed || !self.changed)
    }
}

/// What came of a case.
#[derive(Debug)]
pub(super) enum Outcome {
    Passed,
    /// The provider's validation refuses it.
    Refused(Error),
    Failed(Fault),
}

type Step<T> = std::result::Result<T, Fault>;

/// A resource that is led through its life.
pub(super) struct Life<'a> {
    client: &'a Client,
    type_name: &'a str,
    block: &'a Block,
    options: &'a Options,
    thing: Lifecycle,
    changed: bool,
}

impl<'a> Life<'a> {
    pub(super) fn new(
        client: &'a Client,
        type_name: &'a str,
        block: &'a Block,
        options: &'a Options,
    ) -> Self {
        Self {
            client,
            type_name,
            block,
            options,
            thing: Lifecycle::new(client, type_name),
            changed: false,
        }
    }

    /// Leads it. What a failure leaves is destroyed, as far as that can be.
    pub(super) async fn lead(mut self, case: &Case) -> Outcome {
        for config in [&case.first.config, &case.second.config] {
            match self.client.validate_resource(self.type_name, config).await {
                Ok(_) => {}
                Err(error) if error.diagnostics().has_error() => return Outcome::Refused(error),
                Err(error) => return Outcome::Failed(self.fault(Stage::Validation, error)),
            }
        }
        match self.live(case).await {
            Ok(()) => Outcome::Passed,
            Err(fault) => {
                let _ = self.thing.destroy().await;
                Outcome::Failed(fault)
            }
        }
    }

    async fn live(&mut self, case: &Case) -> Step<()> {
        let config = super::counterexample::written(&case.first.config);
        let prepared = self.options.before(&config).await;
        self.at(Stage::Preparation, prepared)?;
        let plan = self.planned(Stage::CreationPlan, &case.first).await?;
        if plan.action != Action::Create {
            let problem = format!("the plan is to {}, not to create", plan.action);
            return Err(self.fault(Stage::CreationPlan, self.differs(&problem, Vec::new())));
        }
        let created = self.thing.apply_with(&plan, &case.first.config).await;
        self.at(Stage::Creation, created)?;
        self.settled(&case.first.config).await?;

        self.changed = true;
        let plan = self.planned(Stage::ChangePlan, &case.second).await?;
        let changed = self.thing.apply_with(&plan, &case.second.config).await;
        self.at(Stage::Change, changed)?;
        self.settled(&case.second.config).await?;

        self.gone().await?;
        let inspected = self.options.after(&config).await;
        self.at(Stage::Inspection, inspected)
    }

    async fn planned(&mut self, stage: Stage, variant: &Variant) -> Step<PlannedChange> {
        let planned = self.thing.plan(&variant.while_planning(self.block)).await;
        self.at(stage, planned)
    }

    /// What must hold after every creation and change.
    async fn settled(&mut self, config: &Value) -> Step<()> {
        let stored = self.value();
        let read = self.thing.refresh().await.map(drop);
        self.at(Stage::Refresh, read)?;
        let problem = "reading finds something else than what was stored";
        let read = self.same(&stored, &self.value(), &[], problem);
        self.at(Stage::Refresh, read)?;
        let empty = self.thing.expect_no_change(config).await;
        self.at(Stage::SecondPlan, empty)?;
        self.imported(config).await
    }

    async fn imported(&self, config: &Value) -> Step<()> {
        if let Some(by_id) = &self.options.by_id {
            let id = by_id.of(&self.thing.json());
            let id = self.at(Stage::Import, id)?;
            let mut found = Lifecycle::new(self.client, self.type_name);
            let imported = found.import(&id).await.map(drop);
            self.at(Stage::Import, imported)?;
            self.found(Stage::Import, found, config).await?;
        }
        let Some(state) = self.thing.state() else {
            return Ok(());
        };
        if self.options.by_identity && !state.identity.is_null() {
            let mut found = Lifecycle::new(self.client, self.type_name);
            let imported = found.import_by_identity(&state.identity).await.map(drop);
            self.at(Stage::ImportByIdentity, imported)?;
            self.found(Stage::ImportByIdentity, found, config).await?;
        }
        Ok(())
    }

    async fn found(&self, stage: Stage, mut found: Lifecycle, config: &Value) -> Step<()> {
        let value = found.state().map_or(Value::Null, |state| state.value.clone());
        let missing = &self.options.not_imported;
        let problem = "the import finds something else than what is stored";
        self.at(stage, self.same(&self.value(), &value, missing, problem))?;
        if missing.is_empty() {
            self.at(stage, found.expect_no_change(config).await)?;
        }
        Ok(())
    }

    async fn gone(&mut self) -> Step<()> {
        let last = self.thing.state().cloned();
        let destroyed = self.thing.destroy().await;
        self.at(Stage::Destruction, destroyed)?;
        let Some(last) = last.filter(|_| !self.options.only_in_state) else {
            return Ok(());
        };
        let read = self.client.read(self.type_name, &last).await;
        if self.at(Stage::Absence, read)?.value.is_some() {
            let error = self.differs("reading still finds it after it was destroyed", Vec::new());
            return Err(self.fault(Stage::Absence, error));
        }
        Ok(())
    }

    fn value(&self) -> Value {
        self.thing
            .state()
            .map_or(Value::Null, |state| state.value.clone())
    }

    /// Compares two states. What means the same is the same.
    fn same(&self, stored: &Value, found: &Value, except: &[String], problem: &str) -> Result<()> {
        if found.is_null() {
            return Err(self.differs("reading does not find it", Vec::new()));
        }
        let (mut stored, mut found) = (stored.clone(), found.clone());
        Spelling::of(self.block, &stored).keep(&mut found);
        for path in self.options.changing.iter().chain(except) {
            for value in [&mut stored, &mut found] {
                places::put(self.block.content(), value, path, &Value::Null);
            }
        }
        let differences = difference(self.block, &stored, &found);
        if differences.is_empty() {
            Ok(())
        } else {
            Err(self.differs(problem, differences))
        }
    }

    fn differs(&self, problem: &str, differences: Vec<String>) -> Error {
        Error::Differences {
            type_name: self.type_name.to_owned(),
            problem: problem.to_owned(),
            differences,
        }
    }

    fn at<T>(&self, stage: Stage, result: Result<T>) -> Step<T> {
        result.map_err(|error| self.fault(stage, error))
    }

    fn fault(&self, stage: Stage, error: Error) -> Fault {
        Fault {
            stage,
            error,
            changed: self.changed,
        }
    }
}

impl ById {
    fn of(&self, state: &Json) -> Result<String> {
        let (given, id) = match self {
            Self::Attribute => (
                "its state has no text `id`",
                state["id"].as_str().map(str::to_owned),
            ),
            Self::Made(make) => ("the test makes none", make(state)),
        };
        let problem = format!(
            "there is no id to import by: {given}. Say how it is made by `.import_id(|state| …)`, or that nothing is \
             imported by `.without_import()`"
        );
        id.ok_or_else(|| Error::test(problem))
    }
}
