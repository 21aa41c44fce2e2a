//! Putting something off until a later run of Terraform.

/// Why something is put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// The configuration of the resource is not wholly known.
    ResourceConfigUnknown,
    /// The configuration of the provider is not wholly known.
    ProviderConfigUnknown,
    /// Something that must be there first is not there yet.
    AbsentPrerequisite,
}
