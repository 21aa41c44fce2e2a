//! The action `files_copy`: all files of a directory, one after the other, until they are copied or the user interrupts.

use std::fs;

use tfplugin_sdk::model::{Optional, Required};
use tfplugin_sdk::{Action, ActionPlan, Context, Diagnostic, Diagnostics, PlanAction, Progress};

use super::disk::{self, failed};
use super::root::{Root, inner_path};

/// Copies the files of a directory into another one, for example as a backup. What has the same name there is replaced.
#[derive(Clone, Action)]
#[action(name = "copy")]
pub(crate) struct CopyFiles {
    /// The directory, relative to the provider's `root`.
    #[attr(validate = inner_path())]
    from: Required<String>,
    /// Where they are copied to, relative to the provider's `root`. The directory is made if it does not exist.
    #[attr(validate = inner_path())]
    to: Required<String>,
    /// What the names of the files end in, for example `.txt`.
    suffix: Optional<String>,
}

impl Action for CopyFiles {
    type Client = Root;

    fn validate(config: &Self, diagnostics: &mut Diagnostics) {
        if config
            .from
            .get()
            .is_some_and(|from| config.to.get() == Some(from))
        {
            let detail = "Files are not copied onto themselves. Name another directory.";
            diagnostics.push(Diagnostic::error("Both directories are the same", detail).at("to"));
        }
    }

    async fn invoke(
        context: &mut Context<Root>,
        config: Self,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let from = context.client().resolve("from", &config.from)?;
        let to = context.client().resolve("to", &config.to)?;
        let suffix = config.suffix.into_option().unwrap_or_default();
        let names = disk::names(&from, &suffix).map_err(|error| failed("list", &from)(error).at("from"))?;
        fs::create_dir_all(&to).map_err(|error| failed("create", &to)(error).at("to"))?;
        let all = names.len();
        for (done, name) in names.iter().enumerate() {
            if context.cancellation().is_cancelled() {
                let detail =
                    format!("{done} of {all} files are copied. Invoke the action again for the others.");
                return Err(Diagnostic::error("The copying was interrupted", detail).into());
            }
            let (source, target) = (from.join(name), to.join(name));
            // A large file must not keep other calls from being answered.
            let copied = tokio::task::spawn_blocking(move || {
                disk::copy(&source, &target).map_err(failed("copy", &source))
            });
            copied
                .await
                .map_err(|error| Diagnostic::bug(error.to_string()))??;
            progress.say(format!("{} of {all}: {name}", done + 1)).await;
        }
        Ok(())
    }
}

impl PlanAction for CopyFiles {
    async fn plan(context: &mut Context<Root>, config: Self) -> Result<ActionPlan, Diagnostics> {
        let root = context.client();
        if !root.is_known() {
            return Ok(ActionPlan::ProviderUnknown);
        }
        root.check("from", &config.from)?;
        root.check("to", &config.to)?;
        Ok(ActionPlan::Promised)
    }
}
