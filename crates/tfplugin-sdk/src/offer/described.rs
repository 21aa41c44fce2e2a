//! Schemas that are made when something needs them. A run of Terraform uses few of a provider's many types, and all of them
//! are announced once, for which each is made and forgotten.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::schema::Schema;
use crate::value::Type;

/// A schema, and the type of its values.
pub(crate) struct Described {
    make: fn() -> Schema,
    /// Boxed, because most are never made.
    made: OnceLock<Box<(Schema, Type)>>,
}

impl Described {
    pub(super) const fn by(make: fn() -> Schema) -> Self {
        Self {
            make,
            made: OnceLock::new(),
        }
    }

    fn made(&self) -> &(Schema, Type) {
        self.made.get_or_init(|| {
            let schema = (self.make)();
            let ty = schema.block.ty();
            Box::new((schema, ty))
        })
    }

    /// The schema for a moment: one that nothing else has needed yet is not kept.
    pub(crate) fn announced(&self) -> Cow<'_, Schema> {
        match self.made.get() {
            Some(made) => Cow::Borrowed(&made.0),
            None => Cow::Owned((self.make)()),
        }
    }

    /// The type of values of the schema.
    pub(crate) fn ty(&self) -> &Type {
        &self.made().1
    }
}

impl Deref for Described {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        &self.made().0
    }
}

impl fmt::Debug for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.announced().fmt(f)
    }
}
