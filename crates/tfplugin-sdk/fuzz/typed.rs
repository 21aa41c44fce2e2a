//! A type and the bytes of a value, out of the input of a target.

use tfplugin_sdk::value::Type;

/// Types that an input chooses with its first byte, because to spell one is work of its own: the target `types` does it.
const TYPES: [&str; 8] = [
    r#""dynamic""#,
    r#""number""#,
    r#""string""#,
    r#"["list","number"]"#,
    r#"["set",["list","string"]]"#,
    r#"["map",["tuple",["bool","dynamic"]]]"#,
    r#"["object",{"a":"string","b":"dynamic","c":["set","number"],"d":["map","string"]}]"#,
    r#"["tuple",["bool","number",["object",{"x":"dynamic"}]]]"#,
];

/// The type that the first byte chooses or the first line spells, and what is behind it.
pub fn split(input: &[u8]) -> Option<(Type, &[u8])> {
    let (first, rest) = input.split_first()?;
    if let Some(json) = TYPES.get(usize::from(*first)) {
        return Some((Type::from_json_bytes(json.as_bytes()).ok()?, rest));
    }
    let end = input.iter().position(|byte| *byte == b'\n')?;
    Some((Type::from_json_bytes(&input[..end]).ok()?, &input[end + 1..]))
}
