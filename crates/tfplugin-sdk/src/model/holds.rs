//! What Terraform forbids in some places: found while the provider compiles, because the derives look at these constants.

/// What a type holds, at any depth, of that which Terraform forbids in some places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Write-only attributes.
    pub write_only: bool,
    /// Nested blocks.
    pub blocks: bool,
    /// Values of any type.
    pub dynamic: bool,
}

impl Holds {
    /// None of it.
    pub const NOTHING: Self = Self {
        write_only: false,
        blocks: false,
        dynamic: false,
    };

    /// What either holds.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            write_only: self.write_only || other.write_only,
            blocks: self.blocks || other.blocks,
            dynamic: self.dynamic || other.dynamic,
        }
    }

    /// The same, and blocks.
    #[must_use]
    pub const fn with_blocks(self) -> Self {
        Self { blocks: true, ..self }
    }

    /// What is wrong with a collection of such elements.
    pub(super) const fn problem_in_collection(self) -> Option<&'static str> {
        if self.dynamic {
            Some(
                "a collection cannot hold values of any type: Terraform needs one type for all elements. Make the whole \
                 attribute `Dynamic`, or give the elements a type",
            )
        } else {
            None
        }
    }

    /// What is wrong with blocks of such content that stand more than once.
    pub(super) const fn problem_in_blocks(self) -> Option<&'static str> {
        if self.dynamic {
            Some(
                "a block that stands any number of times cannot hold values of any type. Use `Block`, or give the \
                 attribute a type",
            )
        } else {
            None
        }
    }

    /// What is wrong with a set of such elements.
    pub(super) const fn problem_in_set(self) -> Option<&'static str> {
        if self.write_only {
            Some(
                "a set cannot hold write-only attributes: its elements are known by their values, and these have none. \
                 Use a list or a map",
            )
        } else {
            self.problem_in_collection()
        }
    }

    /// What is wrong with a tuple of such parts.
    pub(super) const fn problem_in_tuple(self) -> Option<&'static str> {
        if self.write_only {
            Some(
                "a tuple cannot hold write-only attributes: its parts have no schema of their own. Use an object",
            )
        } else {
            self.problem_in_collection()
        }
    }

    /// What is wrong with an attribute of such content.
    pub(super) const fn problem_in_attribute(self) -> Option<&'static str> {
        if self.blocks {
            Some(
                "an attribute cannot hold blocks: Terraform has blocks only in blocks. Make the inner field an attribute, \
                 or the outer one a block",
            )
        } else {
            None
        }
    }
}

/// The first of two problems.
pub(super) const fn first(one: Option<&'static str>, other: Option<&'static str>) -> Option<&'static str> {
    if one.is_some() { one } else { other }
}
