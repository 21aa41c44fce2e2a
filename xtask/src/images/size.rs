//! How much space images take. Layers that several have are kept and moved once.

use std::collections::BTreeMap;

use serde_json::Value;

/// A layer as a registry keeps it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Layer {
    digest: String,
    bytes: u64,
}

impl Layer {
    /// What a manifest names: the image's configuration is a blob like its layers.
    pub(super) fn all_of(manifest: &Value) -> Vec<Self> {
        let layers = manifest["layers"].as_array().into_iter().flatten();
        let blob = |blob: &Value| {
            Some(Self {
                digest: blob["digest"].as_str()?.to_owned(),
                bytes: blob["size"].as_u64()?,
            })
        };
        layers.chain([&manifest["config"]]).filter_map(blob).collect()
    }
}

/// Bytes of all these layers together.
pub(super) fn bytes<'a>(layers: impl Iterator<Item = &'a Layer>) -> u64 {
    let distinct: BTreeMap<&str, u64> = layers.map(|layer| (layer.digest.as_str(), layer.bytes)).collect();
    distinct.values().sum()
}

/// A size as people say it.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shared_layers_count_once() {
        let blob = |digest: &str, size: u64| json!({ "digest": digest, "size": size });
        let one = json!({ "config": blob("c1", 1), "layers": [blob("base", 1_000_000), blob("l1", 10)] });
        let two = json!({ "config": blob("c2", 2), "layers": [blob("base", 1_000_000)] });
        let layers = [Layer::all_of(&one), Layer::all_of(&two)];
        assert_eq!(bytes(layers[0].iter()), 1_000_011);
        assert_eq!(bytes(layers.iter().flatten()), 1_000_013);
        assert_eq!(megabytes(1_000_013), "2 MB");
    }
}
