//! Bytes as a value of any type: they are read or refused, and what is read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin_sdk::value::{decode, encode};

#[path = "../typed.rs"]
mod typed;

fuzz_target!(|input: &[u8]| {
    let Some((ty, bytes)) = typed::split(input) else {
        return;
    };
    let Ok(value) = decode(bytes, &ty) else { return };
    // Terraform refuses what encode refuses here: promises that exclude each other, keys that are the same text.
    let Ok(written) = encode(&value, &ty) else { return };
    let again = decode(&written, &ty).expect("what is written can be read");
    let twice = encode(&again, &ty).expect("what was read can be written");
    assert_eq!(written, twice, "{value:?} of {ty}");
});
