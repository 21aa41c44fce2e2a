//! Compiles the protocol's `.proto` files in pure Rust: protox parses them, so no `protoc` is needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in ["proto/tfplugin6.proto", "proto/go_plugin.proto"] {
        println!("cargo::rerun-if-changed={file}");
        let descriptors = protox::compile([file], ["proto"])?;
        tonic_prost_build::configure()
            .build_client(std::env::var_os("CARGO_FEATURE_TESTING").is_some())
            .bytes(".tfplugin6.DynamicValue")
            .bytes(".tfplugin6.ReadStateBytesResponse")
            .bytes(".tfplugin6.WriteStateBytesChunk")
            // Sorted, so that the same provider always answers with the same bytes.
            .btree_map(".")
            .compile_fds(descriptors)?;
    }
    Ok(())
}
