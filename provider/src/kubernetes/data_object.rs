//! `data.mlops_object`: one object of the cluster, looked up.

use tfplugin_sdk::model::{Computed, Dynamic, Optional, Required};
use tfplugin_sdk::{Context, DataSource, Diagnostic, Diagnostics, Path, validators};

use super::api::Lookup;
use super::cluster::Cluster;
use super::diagnostics;
use super::fields::without_secret_data;
use super::object::ObjectKey;

/// One Kubernetes object, as the server stores it, without `metadata.managedFields`. The contents of a Secret are left
/// out: state files would hold them.
#[derive(Clone, DataSource)]
#[data_source(name = "object")]
pub struct ObjectLookup {
    /// Version of the API, for example `v1` or `apps/v1`.
    #[attr(validate = validators::length(1, usize::MAX))]
    pub api_version: Required<String>,
    /// Kind of the object, for example `ConfigMap`.
    #[attr(validate = validators::length(1, usize::MAX))]
    pub kind: Required<String>,
    /// Namespace of the object. The default is `default` for objects that have one.
    pub namespace: Optional<String>,
    /// Name of the object.
    #[attr(validate = validators::length(1, usize::MAX))]
    pub name: Required<String>,
    /// The object.
    pub object: Computed<Dynamic>,
}

impl DataSource for ObjectLookup {
    type Client = Cluster;

    async fn read(context: &mut Context<Cluster>, mut config: Self) -> Result<Self, Diagnostics> {
        let key = ObjectKey {
            api_version: config.api_version.get().cloned().unwrap_or_default(),
            kind: config.kind.get().cloned().unwrap_or_default(),
            namespace: config
                .namespace
                .get()
                .filter(|namespace| !namespace.is_empty())
                .cloned(),
            name: config.name.get().cloned().unwrap_or_default(),
        };
        let path = Path::attribute("name");
        let lookup = tokio::select! {
            lookup = context.client().required()?.get(&key) => lookup,
            () = context.cancellation().cancelled() => return Err(diagnostics::interrupted(&key).into()),
        };
        match lookup.map_err(|error| diagnostics::api(&error, &key, &path))? {
            Lookup::Present(mut object) => {
                if let Some(metadata) = object["metadata"].as_object_mut() {
                    metadata.remove("managedFields");
                }
                config.object = Computed::known(Dynamic::from_json(&without_secret_data(object)));
                Ok(config)
            }
            Lookup::Absent => Err(Diagnostic::error(
                format!("{key}: there is no such object"),
                "Check the name and the namespace. If it is made in the same apply, let this data source depend on it.",
            )
            .at(path)
            .into()),
            Lookup::KindAbsent => Err(Diagnostic::error(
                format!("{key}: the cluster has no such kind"),
                "Check `api_version` and `kind`. If the kind is defined in the same apply, let this data source depend \
                 on the definition.",
            )
            .at("kind")
            .into()),
        }
    }
}
