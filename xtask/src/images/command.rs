//! `cargo xtask images`: builds what has changed, and says what there is.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::size::{self, megabytes};
use super::{Built, Registry, build};
use crate::progress::duration;
use crate::report;

/// There is nothing to choose: what has not changed costs nothing.
#[derive(Args, Debug)]
pub struct Images {}

impl Images {
    /// Brings all images into the registry that the clusters of this user serve.
    pub fn run(&self) -> Result<()> {
        let registry = Registry::of_this_user()?;
        report::say(summary(&build(&registry)?));
        Ok(())
    }
}

fn summary(images: &[Built]) -> String {
    let header = ["IMAGE", "", "TIME", "SIZE", "REFERENCE"]
        .map(str::to_owned)
        .to_vec();
    let rows = images.iter().map(|image| {
        vec![
            image.name.clone(),
            if image.is_new { "built" } else { "unchanged" }.to_owned(),
            duration(image.elapsed),
            megabytes(image.bytes()),
            image.reference.clone(),
        ]
    });
    let rows: Vec<Vec<String>> = [header].into_iter().chain(rows).collect();
    let elapsed: Duration = images.iter().map(|image| image.elapsed).sum();
    let bytes = size::bytes(images.iter().flat_map(|image| &image.layers));
    format!(
        "{}\n{} images in {}; {} in the registry, where layers that they share are once",
        report::table(&rows),
        images.len(),
        duration(elapsed),
        megabytes(bytes),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_summary_counts_shared_layers_once() {
        let image = |name: &str, own: &str| Built {
            name: name.to_owned(),
            reference: format!("localhost:5000/mlops/{name}:1"),
            is_new: name == "a",
            elapsed: Duration::from_millis(1500),
            layers: size::Layer::all_of(&json!({
                "layers": [{ "digest": "base", "size": 4_000_000 }, { "digest": own, "size": 2_000_000 }],
            })),
        };
        let text = summary(&[image("a", "x"), image("b", "y")]);
        let expected = "\
IMAGE             TIME   SIZE  REFERENCE
a      built      1.5 s  6 MB  localhost:5000/mlops/a:1
b      unchanged  1.5 s  6 MB  localhost:5000/mlops/b:1
2 images in 3.0 s; 8 MB in the registry, where layers that they share are once";
        assert_eq!(text, expected);
    }
}
