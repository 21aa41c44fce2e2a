//! Bytes as a type: they are read or refused, and what is read is printed and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin_sdk::value::Type;

fuzz_target!(|input: &[u8]| {
    let Ok(ty) = Type::from_json_bytes(input) else {
        return;
    };
    let printed = ty.to_json_bytes();
    let again = Type::from_json_bytes(&printed).expect("what is printed can be read");
    assert_eq!(again.to_json_bytes(), printed, "{ty}");
    assert!(again.conforms_to(&again));
});
