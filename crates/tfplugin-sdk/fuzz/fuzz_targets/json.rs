//! Bytes as stored state of any type: they are read or refused, and what is read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin_sdk::value::{from_json, to_json};

#[path = "../typed.rs"]
mod typed;

fuzz_target!(|input: &[u8]| {
    let Some((ty, bytes)) = typed::split(input) else {
        return;
    };
    let Ok(value) = from_json(bytes, &ty) else { return };
    let Some(written) = to_json(&value, &ty) else {
        return;
    };
    let again = from_json(written.to_string().as_bytes(), &ty).expect("what is written can be read");
    assert_eq!(to_json(&again, &ty).as_ref(), Some(&written), "{value:?} of {ty}");
});
