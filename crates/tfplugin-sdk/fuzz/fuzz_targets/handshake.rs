//! The environment that Terraform sets, the line that a provider answers with, and any other line in its place.
//!
//! The input is what the variables hold, in the order of `VARIABLES`, then the socket's path, then a line; between them
//! is a zero byte, which no variable can hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin_sdk::fuzzing;
use tfplugin_sdk::testing::Handshake;

const VARIABLES: [&str; 8] = [
    "TF_PLUGIN_MAGIC_COOKIE",
    "PLUGIN_PROTOCOL_VERSIONS",
    "PLUGIN_CLIENT_CERT",
    "PLUGIN_UNIX_SOCKET_DIR",
    "PLUGIN_UNIX_SOCKET_GROUP",
    "PLUGIN_MIN_PORT",
    "PLUGIN_MAX_PORT",
    "PLUGIN_MULTIPLEX_GRPC",
];

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.split('\0');
    let variables = VARIABLES.map(|name| (name, parts.next().unwrap_or_default()));
    let address = parts.next().unwrap_or_default();
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| match (name, *value) {
            // Nothing would be found behind a cookie that has to be guessed.
            ("TF_PLUGIN_MAGIC_COOKIE", "") => fuzzing::COOKIE.to_owned(),
            (_, value) => value.to_owned(),
        })
    };
    let multiplexed = !variables[7].1.is_empty();
    if let Some(line) = fuzzing::answer(variable, address)
        && !multiplexed
        && !address.contains('|')
    {
        let read = Handshake::read(&line).expect("what is answered can be read");
        assert_eq!((read.network.as_str(), read.address.as_str()), ("unix", address));
        assert_eq!(read.certificate.is_some(), !variables[2].1.is_empty());
    }
    if let Some(line) = parts.next() {
        // Refused or not, it is no crash.
        let _ = Handshake::read(line);
    }
});
