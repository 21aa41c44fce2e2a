//! Terraform and OpenTofu, run with nothing of the user's: own CLI configuration, own home, own provider mirror.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use std::path::Path;
//! use xtask::cli::{Cli, Mirror, Workspace};
//!
//! let mirror = Mirror::prepare(Path::new("/tmp/mirror"), Path::new("target/debug/terraform-provider-mlops"), "0.1.0")?;
//! let mut workspace = Workspace::new(Path::new("/tmp/first"), &Cli::tofu()?, &mirror)?;
//! workspace.set_variable("kubeconfig", "/tmp/kubeconfig")?;
//! workspace.init()?.ok()?;
//! workspace.apply()?.ok()?;
//! assert!(!workspace.plan()?.ok()?.has_changes());
//! # Ok(())
//! # }
//! ```

mod environment;
mod mirror;
mod outcome;
mod program;
mod workspace;

pub use environment::forget_user_settings;
pub use mirror::Mirror;
pub use outcome::Outcome;
pub use program::{Cli, Program};
pub use workspace::Workspace;
