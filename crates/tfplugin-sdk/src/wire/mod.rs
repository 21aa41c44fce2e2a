//! Protobuf: the only place that knows it, beside the server and the test client that speak it.

mod convert;
mod dynamic;

#[cfg(feature = "testing")]
pub(crate) use self::dynamic::decode_dynamic;
pub(crate) use self::dynamic::{read_dynamic, read_raw_state, write_dynamic};

/// The messages and services of the plugin protocol. Public only for tests of providers, see `testing`.
#[cfg_attr(not(feature = "testing"), expect(unreachable_pub, reason = "generated code"))]
#[cfg_attr(feature = "testing", expect(missing_docs, reason = "generated code"))]
#[expect(clippy::pedantic, reason = "generated code")]
pub mod proto {
    tonic::include_proto!("tfplugin6");
}

/// The side services of go-plugin.
#[expect(unreachable_pub, reason = "generated code")]
#[expect(clippy::pedantic, reason = "generated code")]
pub(crate) mod go_plugin {
    tonic::include_proto!("plugin");
}
