//! What is looked at before a change is promised: paths that lead elsewhere are refused, checksums are known.

use tfplugin_sdk::{Change, Context, Diagnostics, Plan, Planned};

use super::{Root, TextFile};

impl Plan for TextFile {
    async fn plan(context: &mut Context<Root>, change: Change<Self>) -> Result<Planned<Self>, Diagnostics> {
        let (root, mut planned) = (context.client(), change.proposed);
        root.check("path", &planned.path)?;
        planned.describe();
        // Another spelling of the same place is no change, and the one in state is kept.
        if let Some(prior) = change.prior
            && root.is_same(&prior.path, &planned.path)
        {
            planned.path = prior.path;
        }
        Ok(planned.into())
    }
}
