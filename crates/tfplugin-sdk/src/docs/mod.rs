//! Registry documentation, made from the schemas and the examples of a provider.
//!
//! The descriptions are the doc comments of the provider's structs, so nothing is written twice. The pages look like
//! those that `tfplugindocs` makes, because that is what users of the registries know:
//!
//! ```text
//! examples/provider/provider.tf              shown on index.md
//! examples/resources/TYPE/resource.tf        shown on resources/NAME.md, first
//! examples/resources/TYPE/*.tf               shown there too, each under a heading made of the file's name
//! examples/resources/TYPE/import.sh          how to import by command
//! examples/resources/TYPE/import-by-string-id.tf   how to import by configuration
//! examples/resources/TYPE/import-by-identity.tf    the same by identity
//! examples/data-sources/TYPE/data-source.tf  shown on data-sources/NAME.md, and so on
//! examples/ephemeral-resources/TYPE/ephemeral-resource.tf    shown on ephemeral-resources/NAME.md
//! examples/list-resources/TYPE/list-resource.tfquery.hcl   shown on list-resources/NAME.md
//! examples/actions/TYPE/action.tf            shown on actions/NAME.md
//! examples/state-stores/TYPE/state-store.tf  shown on state-stores/NAME.md
//! examples/functions/NAME/function.tf        shown on functions/NAME.md
//! ```
//!
//! `TYPE` has the provider's prefix, `NAME` has not. A provider keeps its pages in its repository; a test compares them
//! with [`pages`] by [`differences`], and [`write()`] brings them up to date.

mod directory;
mod error;
mod examples;
mod files;
mod function;
mod member;
mod page;
mod schema;
mod subject;
mod text;

#[cfg(test)]
mod tests;

use std::path::Path;

pub(crate) use self::text::first_sentence;
pub use self::{
    directory::{differences, write},
    error::DocsError,
};
use self::{
    examples::Examples,
    subject::{Kind, Subject},
};
use crate::offer::Offer;
use crate::provider::Provider;
use crate::schema::Schema;

/// The registries refuse larger pages.
const SIZE_LIMIT: usize = 500_000;

/// One page of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it belongs in the folder `docs`, for example `resources/manifest.md`.
    pub path: String,
    /// Markdown with front matter.
    pub text: String,
}

/// The pages of everything that the provider offers, and its index: always the same for the same input.
///
/// # Errors
/// When an example is missing or unreadable, when there is an import example for a resource that cannot be imported, or
/// when a page is larger than the registries take.
pub fn pages<P: Provider>(examples: &Path) -> Result<Vec<Page>, DocsError> {
    let mut offer = Offer::new(P::NAME);
    P::offer(&mut offer);
    let index = P::schema();
    let resources = offer
        .resources
        .iter()
        .map(|(name, entry)| Subject::resource(P::NAME, name, entry));
    let data_sources = offer
        .data_sources
        .iter()
        .map(|(name, entry)| (name, &*entry.schema));
    let ephemeral = offer.ephemeral.iter().map(|(name, entry)| (name, &*entry.schema));
    let lists = offer.lists.iter().map(|(name, entry)| (name, &*entry.schema));
    let actions = offer.actions.iter().map(|(name, entry)| (name, &*entry.schema));
    let state_stores = offer
        .state_stores
        .iter()
        .map(|(name, entry)| (name, &*entry.schema));
    let typed = |kind| typed(kind, P::NAME);
    let functions = offer
        .functions
        .iter()
        .map(|(name, entry)| Subject::function(P::NAME, name, entry));
    std::iter::once(Subject::provider(P::NAME, &index.block))
        .chain(resources)
        .chain(data_sources.map(typed(Kind::DataSource)))
        .chain(ephemeral.map(typed(Kind::EphemeralResource)))
        .chain(lists.map(typed(Kind::ListResource)))
        .chain(actions.map(typed(Kind::Action)))
        .chain(state_stores.map(typed(Kind::StateStore)))
        .chain(functions)
        .map(|subject| page(&subject, examples))
        .collect()
}

/// What a page is about whose type has a schema.
fn typed<'a>(kind: Kind, provider: &'a str) -> impl Fn((&'a String, &'a Schema)) -> Subject<'a> {
    move |(name, schema)| Subject::typed(kind, provider, name, schema)
}

fn page(subject: &Subject<'_>, examples: &Path) -> Result<Page, DocsError> {
    let page = Page {
        path: subject.path(),
        text: page::render(subject, &Examples::read(examples, subject)?),
    };
    if page.text.len() > SIZE_LIMIT {
        return Err(DocsError::TooLarge {
            path: page.path,
            bytes: page.text.len(),
            limit: SIZE_LIMIT,
        });
    }
    Ok(page)
}
