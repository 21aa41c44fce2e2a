//! The rules by name, with the numbers under which this project's notes keep them.

use std::fmt;

/// One of Terraform core's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rule {
    /// A configured attribute is planned as configured, or exactly as it was.
    PlannedAsConfigured = 1,
    /// An attribute that is neither configured nor computed is planned null.
    PlannedNullWhereUnset = 2,
    /// What is configured is planned to exist, and nothing else.
    PlannedExistence = 3,
    /// As many blocks are planned as are configured.
    PlannedBlockCount = 4,
    /// Blocks are planned empty rather than null, and never unknown by themselves.
    PlannedBlocksKnown = 5,
    /// Nested attributes are planned element by element as configured.
    PlannedNestedAttributes = 6,
    /// A write-only attribute is planned null.
    PlannedWriteOnlyNull = 7,
    /// A value is of the type that its schema says.
    Conforming = 8,
    /// A path that requires replacement exists.
    ReplacementPath = 9,
    /// A destruction is planned as null.
    DestroyPlannedNull = 11,
    /// Planning once more before the apply gives the same plan.
    SamePlanAgain = 12,
    /// What was promised of an unknown value holds.
    PromiseKept = 13,
    /// A value that was known in the plan is what the apply gives.
    AppliedAsPlanned = 14,
    /// What was planned to exist exists after the apply, and nothing else.
    AppliedExistence = 15,
    /// Collections and blocks have the elements that were planned.
    AppliedElements = 16,
    /// Every element of a set after the apply is one that was planned, and none is lost.
    AppliedSet = 17,
    /// A sensitive value that was known in the plan is what the apply gives.
    AppliedSensitive = 18,
    /// Nothing is unknown after the apply.
    AppliedKnown = 19,
    /// Nothing is left after a destruction.
    DestroyedNull = 20,
    /// A write-only attribute is null after the apply.
    AppliedWriteOnlyNull = 21,
    /// The exemption of the legacy SDK is not claimed.
    NotLegacy = 23,
    /// A read gives an object that can be stored, or nothing.
    Read = 24,
    /// A data source gives an object that is wholly known.
    DataSource = 25,
    /// Upgraded state can be stored.
    Upgrade = 26,
    /// An import gives exactly one object, without write-only values.
    Import = 27,
    /// What is taken over from another type can be stored.
    Move = 28,
    /// An identity is wholly known, except that of what is yet to be created, and complete.
    IdentityKnown = 29,
    /// An identity is of the schema that is announced for it.
    IdentityConforming = 30,
    /// A thing keeps its identity.
    IdentityStable = 31,
    /// An upgraded identity is of the schema that is announced for it.
    IdentityUpgrade = 32,
    /// An ephemeral resource is opened as it is configured, and wholly known.
    Ephemeral = 33,
    /// Nothing is deferred unless deferral is allowed.
    NotDeferred = 34,
    /// What a function returns follows from its arguments, and is known where they are; an error names one of them.
    Function = 35,
    /// A query gives things with their identity, as many as are asked for.
    List = 36,
    /// An invocation of an action ends with exactly one completion, and only the provider's configuration defers it.
    Action = 37,
    /// A state travels in chunks of the size that was agreed, each in its place, and whole.
    StateStore = 38,
    /// A schema is one that core accepts.
    Schema = 39,
    /// A diagnostic has a severity, a summary, and a path that exists.
    Diagnostic = 42,
    /// A write-only value is refused where the client would store it.
    WriteOnlyRefused = 43,
    /// A generated configuration is one that a user could have written. Core has no such rule, and its users do.
    Generated = 44,
}

impl Rule {
    /// The rule's number.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The rule as a sentence without a full stop.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::PlannedAsConfigured => "a configured attribute is planned as configured, or as it was",
            Self::PlannedNullWhereUnset => {
                "an attribute that is neither configured nor computed is planned null"
            }
            Self::PlannedExistence => "what is configured is planned to exist, and nothing else",
            Self::PlannedBlockCount => "as many blocks are planned as are configured",
            Self::PlannedBlocksKnown => "blocks are planned empty rather than null, and never unknown",
            Self::PlannedNestedAttributes => "nested attributes are planned element by element as configured",
            Self::PlannedWriteOnlyNull => "a write-only attribute is planned null",
            Self::Conforming => "a value is of the type that its schema says",
            Self::ReplacementPath => "a path that requires replacement exists",
            Self::DestroyPlannedNull => "a destruction is planned as null",
            Self::SamePlanAgain => "planning once more before the apply gives the same plan",
            Self::PromiseKept => "what was promised of an unknown value holds",
            Self::AppliedAsPlanned => "a value that was known in the plan is what the apply gives",
            Self::AppliedExistence => "what was planned to exist exists after the apply, and nothing else",
            Self::AppliedElements => "collections and blocks have the elements that were planned",
            Self::AppliedSet => "every element of a set is one that was planned, and none is lost",
            Self::AppliedSensitive => "a sensitive value that was known in the plan is what the apply gives",
            Self::AppliedKnown => "nothing is unknown after the apply",
            Self::DestroyedNull => "nothing is left after a destruction",
            Self::AppliedWriteOnlyNull => "a write-only attribute is null after the apply",
            Self::NotLegacy => "the exemption of the legacy SDK is not claimed",
            Self::Read => "a read gives an object that can be stored, or nothing",
            Self::DataSource => "a data source gives an object that is wholly known",
            Self::Upgrade => "upgraded state can be stored",
            Self::Import => "an import gives exactly one object, without write-only values",
            Self::Move => "what is taken over from another type can be stored",
            Self::IdentityKnown => "an identity is wholly known, unless its thing is yet to be created",
            Self::IdentityConforming => "an identity is of the schema that is announced for it",
            Self::IdentityStable => "a thing keeps its identity",
            Self::IdentityUpgrade => "an upgraded identity is of the schema that is announced for it",
            Self::Ephemeral => "an ephemeral resource is opened as it is configured, and wholly known",
            Self::NotDeferred => "nothing is deferred unless deferral is allowed",
            Self::List => "a query gives things with their identity, as many and as whole as are asked for",
            Self::Function => {
                "what a function returns follows from its arguments, and is known where they are"
            }
            Self::Action => {
                "an invocation ends with exactly one completion, and only the provider's configuration defers it"
            }
            Self::StateStore => {
                "a state travels in chunks of the size that was agreed, each in its place, and whole"
            }
            Self::Schema => "a schema is one that core accepts",
            Self::WriteOnlyRefused => "a write-only value is refused where the client would store it",
            Self::Generated => "a generated configuration is one that a user could have written",
            Self::Diagnostic => "a diagnostic has a severity, a summary, and a path that exists",
        }
    }
}

/// The rule's number and sentence.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {}", self.number(), self.sentence())
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn a_rule_reads_as_number_and_sentence() {
        assert_eq!(Rule::Upgrade.to_string(), "rule 26: upgraded state can be stored");
    }
}
