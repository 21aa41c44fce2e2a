//! Identities: announced, upgraded, and told with every state.

use super::Service;
use super::answer::Answer;
use super::resource::upgraded;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::offer::{IdentityEntry, ResourceEntry};
use crate::provider::Provider;
use crate::schema::Usage;
use crate::value::{self, Value};
use crate::wire::{proto, read_dynamic, read_raw_state, write_dynamic};

type Told = Option<proto::ResourceIdentityData>;

impl<P: Provider> Service<P> {
    pub(super) fn identity_schemas(&self) -> proto::GetResourceIdentitySchemasResponse {
        let schemas = self
            .shared
            .offer
            .resources
            .iter()
            .filter_map(|(name, entry)| Some((name.clone(), schema(entry.identity.as_ref()?))));
        proto::GetResourceIdentitySchemasResponse {
            identity_schemas: schemas.collect(),
            ..Default::default()
        }
    }

    pub(super) fn upgrade_identity(
        &self,
        request: proto::UpgradeResourceIdentityRequest,
    ) -> Result<proto::UpgradeResourceIdentityResponse, Diagnostic> {
        let type_name = &request.type_name;
        let entry = self.resource(type_name)?;
        let absent = || Self::absent("resource with an identity", type_name);
        let identity = entry.identity.as_ref().ok_or_else(absent)?;
        let mut stored = read_raw_state(request.raw_identity)?;
        if request.version != identity.schema.version {
            let upgrade = identity.upgrade.ok_or_else(|| {
                Diagnostic::bug(format!(
                    "{type_name} does not upgrade an identity of version {} to version {}.",
                    request.version, identity.schema.version
                ))
            })?;
            stored = match upgraded(upgrade, request.version, &stored) {
                Ok(upgraded) => upgraded,
                Err(diagnostics) => {
                    return Ok(proto::UpgradeResourceIdentityResponse::default().and(diagnostics));
                }
            };
        }
        let upgraded = value::from_json(&stored, identity.schema.ty()).map_err(|error| {
            Diagnostic::error(
                "The identity is not readable",
                format!("The stored identity of this {type_name} does not fit its schema: {error}."),
            )
        })?;
        Ok(proto::UpgradeResourceIdentityResponse {
            upgraded_identity: write(identity, &upgraded)?,
            ..Default::default()
        })
    }
}

fn schema<C>(identity: &IdentityEntry<C>) -> proto::ResourceIdentitySchema {
    let schema = identity.schema.announced();
    let attributes = schema.block.attributes.iter();
    proto::ResourceIdentitySchema {
        version: schema.version,
        identity_attributes: attributes
            .map(|attribute| proto::IdentityAttribute {
                name: attribute.name.clone(),
                r#type: attribute.ty.ty().to_json_bytes(),
                required_for_import: attribute.usage == Usage::Required,
                optional_for_import: attribute.usage == Usage::Optional,
                description: attribute.description.clone(),
            })
            .collect(),
    }
}

fn write<C>(identity: &IdentityEntry<C>, value: &Value) -> Result<Told, Diagnostic> {
    Ok(Some(proto::ResourceIdentityData {
        identity_data: Some(write_dynamic(value, identity.schema.ty())?),
    }))
}

/// The same of an identity that is not told unless it is known whole.
fn whole<C>(identity: &IdentityEntry<C>, value: &Value) -> Result<Told, Diagnostic> {
    if identity.is_complete(value) {
        write(identity, value)
    } else {
        Ok(None)
    }
}

/// Reads what Terraform says of an identity.
pub(super) fn read<C>(identity: &IdentityEntry<C>, told: &Told) -> Result<Value, Diagnostic> {
    let data = told.as_ref().and_then(|told| told.identity_data.as_ref());
    read_dynamic(data, identity.schema.ty())
}

/// The identity of what is in this state; `None` if nothing is, or if it is not known whole.
pub(super) fn of<C>(entry: &ResourceEntry<C>, state: &Value) -> Result<Told, Diagnostic> {
    let Some(identity) = &entry.identity else {
        return Ok(None);
    };
    if state.is_null() {
        return Ok(None);
    }
    whole(identity, &(identity.of)(state.clone())?)
}

/// The identity of what is planned. What exists keeps its own, and that of a new thing is told when all of it is known:
/// Terraform takes one with unknown parts, and OpenTofu 1.12 fails to write such a plan.
pub(super) fn planned<C>(
    entry: &ResourceEntry<C>,
    prior: &Value,
    planned: &Value,
    replaces: bool,
) -> Result<Told, Diagnostic> {
    let Some(identity) = &entry.identity else {
        return Ok(None);
    };
    let new = (identity.of)(planned.clone())?;
    if prior.is_null() || replaces {
        return whole(identity, &new);
    }
    let old = (identity.of)(prior.clone())?;
    let changes = new.is_wholly_known() && !new.equals(&old, identity.schema.ty());
    if changes && !identity.mutable {
        return Err(changed("The plan", identity, &old, &new));
    }
    whole(identity, if changes { &new } else { &old })
}

/// The identity of what an apply left. A mistake in it is told, and costs no state.
pub(super) fn applied<C>(
    entry: &ResourceEntry<C>,
    planned: &Told,
    state: &Value,
    diagnostics: &mut Diagnostics,
) -> Told {
    let told = stable("Applying", entry, planned, state).and_then(|()| of(entry, state));
    told.unwrap_or_else(|problem| {
        if !diagnostics.has_error() {
            diagnostics.push(problem);
        }
        None
    })
}

/// A thing must stay itself: what is wrong if `now` is not the state of what was `before`, which Terraform told.
pub(super) fn stable<C>(
    call: &str,
    entry: &ResourceEntry<C>,
    before: &Told,
    now: &Value,
) -> Result<(), Diagnostic> {
    let Some(identity) = entry.identity.as_ref().filter(|identity| !identity.mutable) else {
        return Ok(());
    };
    let before = read(identity, before)?;
    // Earlier versions of the provider, and creations that failed, store none.
    if now.is_null() || !identity.is_complete(&before) {
        return Ok(());
    }
    let now = (identity.of)(now.clone())?;
    if !now.is_wholly_known() || now.equals(&before, identity.schema.ty()) {
        return Ok(());
    }
    Err(changed(call, identity, &before, &now))
}

fn changed<C>(call: &str, identity: &IdentityEntry<C>, before: &Value, now: &Value) -> Diagnostic {
    let text = |value: &Value| {
        let json = value::to_json(value, identity.schema.ty());
        json.map_or_else(|| "not known".to_owned(), |json| json.to_string())
    };
    Diagnostic::bug(format!(
        "{call} changes the identity of a thing that stays: it was {}, and now it is {}. What changes it must replace the \
         thing (`#[attr(replace)]`), unless the identity is declared to be mutable.",
        text(before),
        text(now)
    ))
}
