//! The rules that Terraform core has for what a provider answers, as pure functions on schemas and values.
//!
//! Core enforces them after every answer, and tells users to report a bug to the provider when one is broken. A provider
//! that knows them beforehand never gets there: the `testing` client applies them to every answer that it receives.
//!
//! The functions take a block and values of its type, a null value meaning that there is no object, and return what they
//! find: nothing, if all is well. Where core stops at the first kind of mistake, they stop as well, because whatever is
//! found behind it follows from it.

mod action;
mod apply;
mod compatible;
mod conform;
mod data_source;
mod destroy;
mod diagnostic;
mod ephemeral;
mod equality;
mod function;
mod generated;
mod identity;
mod import;
mod invocation;
mod known;
mod list;
mod lookup;
mod moved;
mod part;
mod plan;
mod read;
mod refinement;
mod replace;
mod replan;
mod rule;
#[cfg(test)]
pub(crate) mod sample;
mod show;
mod state_store;
mod upgrade;
mod violation;
mod write_only;

#[cfg(feature = "testing")]
pub(crate) use self::part::{hides, is_hidden};
pub(crate) use self::write_only::write_only_values;
pub use self::{
    action::{Action, action},
    apply::{apply, failed_apply},
    data_source::data_source,
    destroy::destroy_plan,
    diagnostic::diagnostics,
    ephemeral::ephemeral,
    function::function,
    generated::generated,
    identity::{identity, planned_identity},
    import::import,
    invocation::{InvocationEvent, invocation},
    list::list,
    moved::moved,
    plan::plan,
    read::read,
    replace::{replaced, replacement_paths},
    replan::replan,
    rule::Rule,
    state_store::{StateChunk, chunk_size, state_chunks},
    upgrade::upgrade,
    violation::Violation,
    write_only::accepted,
};
