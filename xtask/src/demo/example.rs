//! The examples that the demo can show, and what each of them needs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde_json::Value;

use crate::kubernetes::{ControlPlane, NODE_ADDRESS, Shape};
use crate::{images, project};

/// The images of the pipeline's parts, in the order of [`PIPELINE_PARTS`], and the one that uploads to it.
const PIPELINE_IMAGES: [&str; 7] = [
    "base",
    "object-storage",
    "postgresql",
    "image-classification-dags",
    "image-classification-serving",
    "image-classification-app",
    "image-classification-uploads",
];
/// What the configuration calls them.
const PIPELINE_PARTS: [&str; 6] = ["base", "object_storage", "postgresql", "airflow", "ray", "app"];

/// Variables of a configuration.
pub(crate) type Variables = BTreeMap<&'static str, Value>;

/// An example, by the name of its folder.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Example {
    /// A model is trained and served, and recognises digits on a web page; needs root
    Quickstart,
    /// Uploads become a data set, a data set a model, and the model is served: Airflow, Ray and S3; needs root
    ImageClassification,
    /// Objects of many kinds on an API server without nodes; any user can run it
    FirstApply,
}

impl Example {
    /// The folder under `examples`, and the name of its cluster.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Quickstart => "quickstart",
            Self::ImageClassification => "image-classification",
            Self::FirstApply => "first-apply",
        }
    }

    /// What its cluster consists of.
    pub(crate) fn shape(self) -> Shape {
        match self {
            Self::Quickstart | Self::ImageClassification => Shape::WithNode,
            Self::FirstApply => Shape::ControlPlaneOnly,
        }
    }

    /// The images that its pods run.
    pub(crate) fn images(self) -> &'static [&'static str] {
        match self {
            Self::Quickstart => &["digits-training", "digits-app"],
            Self::ImageClassification => &PIPELINE_IMAGES,
            Self::FirstApply => &[],
        }
    }

    /// The longest that it may take from nothing running to the page's answer, where everything is built, in seconds.
    pub(crate) fn wanted_seconds(self) -> f64 {
        match self {
            Self::Quickstart | Self::FirstApply => 90.0,
            Self::ImageClassification => 360.0,
        }
    }

    pub(crate) fn sources(self) -> PathBuf {
        project::root().join("examples").join(self.name())
    }

    /// What its configuration is told about this machine.
    pub(crate) fn variables(self, cluster: &ControlPlane) -> Result<Variables> {
        let path = |path: PathBuf| Value::from(path.to_string_lossy().into_owned());
        let mut variables = Variables::from([("kubeconfig", path(cluster.kubeconfig_path()))]);
        match self {
            Self::Quickstart => {
                variables.insert("node_address", NODE_ADDRESS.to_string().into());
                let images = images::references()?;
                for (variable, image) in [("training_image", "digits-training"), ("app_image", "digits-app")]
                {
                    variables.insert(variable, images[image].as_str().into());
                }
            }
            Self::ImageClassification => {
                variables.insert("node_address", NODE_ADDRESS.to_string().into());
                variables.insert("images", pipeline_images()?);
            }
            Self::FirstApply => {
                if let Some(definitions) = genuine_definitions() {
                    variables.insert("crds_directory", path(definitions));
                }
            }
        }
        Ok(variables)
    }

    /// What a reader may try with kubectl when all is there: what for, and the arguments.
    pub(crate) fn experiments(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Quickstart => [
                (
                    "look around",
                    "-n quickstart get all,configmap,persistentvolumeclaim",
                ),
                (
                    "cause drift",
                    "-n quickstart scale deployment digits-app --replicas 1",
                ),
            ],
            Self::ImageClassification => [
                ("look around", "-n image-classification get all,secret,configmap"),
                (
                    "cause drift",
                    "-n image-classification scale deployment app --replicas 1",
                ),
            ],
            Self::FirstApply => [
                ("look around", "-n first-apply get all,secret,configmap"),
                (
                    "cause drift",
                    "-n first-apply scale deployment predictor --replicas 5",
                ),
            ],
        }
    }
}

/// What `examples/image-classification` takes as its variable `images`.
pub fn pipeline_images() -> Result<Value> {
    let references = images::references()?;
    let parts = PIPELINE_PARTS.iter().zip(PIPELINE_IMAGES);
    let images = parts.map(|(part, image)| {
        let reference = references
            .get(image)
            .with_context(|| format!("there is no image {image}"))?;
        Ok(((*part).to_owned(), reference.as_str().into()))
    });
    images.collect::<Result<serde_json::Map<_, _>>>().map(Value::from)
}

/// Genuine definitions of kinds, where somebody has put some: `MLOPS_CRDS`, or beside the checkout.
fn genuine_definitions() -> Option<PathBuf> {
    let named = std::env::var_os("MLOPS_CRDS").map(PathBuf::from);
    let beside = project::root().parent().map(|parent| parent.join("shared/crds"));
    named
        .into_iter()
        .chain(beside)
        .find(|folder| folder.join("kuberay").is_dir() && folder.join("openshift").is_dir())
}
