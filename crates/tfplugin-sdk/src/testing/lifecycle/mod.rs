//! One resource through its life, as Terraform leads it: every operation begins with the stored state, upgrades and reads
//! it, and every change is planned twice before it is applied.

mod apply;
mod differences;
mod stored;

use serde_json::Value as Json;

pub(super) use self::differences::difference;
use self::differences::differences;
pub(super) use self::stored::Stored;
use super::{Answer, Client, Configuration, Error, PlannedChange, Result, State};
use crate::diagnostic::Diagnostics;
use crate::moved::Source;
use crate::rules::Action;
use crate::schema::Schema;

/// A resource, and what a state file would hold of it.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    client: Client,
    type_name: String,
    stored: Option<Stored>,
    state: Option<State>,
    warnings: Diagnostics,
}

impl Lifecycle {
    /// A resource that does not exist yet.
    #[must_use]
    pub fn new(client: &Client, type_name: &str) -> Self {
        Self {
            client: client.clone(),
            type_name: type_name.to_owned(),
            stored: None,
            state: None,
            warnings: Diagnostics::default(),
        }
    }

    /// A resource of which a state file holds this: the version of the schema, the attributes as JSON, and private data.
    #[must_use]
    pub fn stored(client: &Client, type_name: &str, version: i64, attributes: &Json, private: &[u8]) -> Self {
        let stored = Stored {
            version,
            json: attributes.to_string().into_bytes(),
            private: private.to_vec(),
            identity: None,
            tainted: false,
        };
        Self::of(client, type_name, stored)
    }

    /// A resource of which a state file holds this.
    pub(super) fn of(client: &Client, type_name: &str, stored: Stored) -> Self {
        Self {
            stored: Some(stored),
            ..Self::new(client, type_name)
        }
    }

    /// What a state file would hold.
    pub(super) fn in_file(&self) -> Option<&Stored> {
        self.stored.as_ref()
    }

    /// The state as the last operation left it; `None` if the resource does not exist.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// The same as JSON without types; null if the resource does not exist.
    #[must_use]
    pub fn json(&self) -> Json {
        self.state.as_ref().map_or(Json::Null, State::json)
    }

    /// What the provider warned of during the last operation.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Upgrades and reads what is stored; `None` if it is gone.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn refresh(&mut self) -> Result<Option<&State>> {
        self.warnings = Diagnostics::default();
        self.reread().await?;
        Ok(self.state.as_ref())
    }

    /// Does what `terraform plan` does: refreshes, validates and plans.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn plan(&mut self, config: &impl Configuration) -> Result<PlannedChange> {
        self.refresh().await?;
        let change = self
            .client
            .plan(&self.type_name, config, self.state.as_ref())
            .await?;
        self.warnings.append(change.warnings.clone());
        Ok(change)
    }

    /// Creates the resource.
    ///
    /// # Errors
    /// When the provider cannot, or when the resource exists already.
    pub async fn create(&mut self, config: &impl Configuration) -> Result<&State> {
        let change = self.plan(config).await?;
        if change.action != Action::Create {
            return Err(self.unexpected(&change, Action::Create));
        }
        self.apply(&change).await?;
        self.existing()
    }

    /// Does what `terraform apply` does: plans and applies, whatever it takes.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn update(&mut self, config: &impl Configuration) -> Result<&State> {
        let change = self.plan(config).await?;
        self.apply(&change).await?;
        self.existing()
    }

    /// Plans and applies, and makes sure that a second plan is empty.
    ///
    /// # Errors
    /// When the provider cannot, or when there is still something to change.
    pub async fn converge(&mut self, config: &impl Configuration) -> Result<&State> {
        self.update(config).await?;
        self.expect_no_change(config).await?;
        self.existing()
    }

    /// Plans, and makes sure that there is nothing to do.
    ///
    /// # Errors
    /// When there is, or when the provider cannot.
    pub async fn expect_no_change(&mut self, config: &impl Configuration) -> Result<()> {
        let change = self.plan(config).await?;
        if change.action == Action::NoOp {
            return Ok(());
        }
        Err(Error::Changes {
            type_name: self.type_name.clone(),
            action: change.action,
            differences: differences(&self.schema().await?.block, &change),
        })
    }

    /// Imports the resource by its id, and reads it.
    ///
    /// # Errors
    /// When the provider cannot, or when there is nothing of that id.
    pub async fn import(&mut self, id: &str) -> Result<&State> {
        let imported = self.client.import(&self.type_name, id).await?;
        self.settle(imported).await
    }

    /// Imports the resource by its identity, and reads it.
    ///
    /// # Errors
    /// When the provider cannot, or when there is nothing of that identity.
    pub async fn import_by_identity(&mut self, identity: &impl Configuration) -> Result<&State> {
        let imported = self.client.import_by_identity(&self.type_name, identity).await?;
        self.settle(imported).await
    }

    /// Takes over what another type has stored, and reads it.
    ///
    /// # Errors
    /// When the provider cannot, or when the thing is gone.
    pub async fn take_over(&mut self, source: &Source) -> Result<&State> {
        let moved = self.client.take_over(&self.type_name, source).await?;
        self.settle(moved).await
    }

    /// Reads what came from elsewhere, and stores what is found.
    async fn settle(&mut self, found: Answer<State>) -> Result<&State> {
        self.warnings = found.warnings;
        let Answer { value, warnings } = self.client.read(&self.type_name, &found.value).await?;
        self.warnings.append(warnings);
        if value.is_none() {
            let problem = format!("{}: reading finds that there is no such object", self.type_name);
            return Err(Error::Process(problem));
        }
        self.store(value).await?;
        self.existing()
    }

    /// Does what `terraform destroy` does: refreshes, plans the destruction and applies it.
    ///
    /// # Errors
    /// When the provider cannot.
    pub async fn destroy(&mut self) -> Result<()> {
        self.refresh().await?;
        let Some(state) = &self.state else {
            return Ok(());
        };
        let change = self.client.plan_destroy(&self.type_name, state).await?;
        self.warnings.append(change.warnings.clone());
        self.apply(&change).await
    }

    fn existing(&self) -> Result<&State> {
        let gone = || Error::test(format!("{} does not exist any more", self.type_name));
        self.state.as_ref().ok_or_else(gone)
    }

    fn unexpected(&self, change: &PlannedChange, wanted: Action) -> Error {
        Error::test(format!(
            "{}: the plan is to {}, not to {wanted}",
            self.type_name, change.action
        ))
    }

    async fn schema(&self) -> Result<&Schema> {
        self.client.resource(&self.type_name).await
    }
}
