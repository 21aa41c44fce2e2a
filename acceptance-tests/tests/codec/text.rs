//! Texts: strings with all that JSON and Unicode find hard, and the spellings of numbers.

use crate::choices::Choices;

/// Beside each other they are what they are alone: none begins with a mark that would join the one before.
const PIECES: [&str; 24] = [
    "a",
    "b",
    "Z",
    "0",
    " ",
    "\"",
    "\\",
    "\n",
    "\u{0}",
    "<&>",
    "\u{2028}",
    "\u{7f}",
    "ß",
    "é",
    "e\u{301}",
    "ñ",
    "n\u{303}",
    "\u{212b}",
    "q\u{307}\u{323}",
    "한",
    "\u{1112}\u{1161}\u{11ab}",
    "😀",
    "\u{fffd}",
    "\u{10ffff}",
];

/// What the pieces that core spells otherwise become.
pub(crate) const COMPOSED: [(&str, &str); 5] = [
    ("e\u{301}", "é"),
    ("n\u{303}", "ñ"),
    ("\u{212b}", "Å"),
    ("q\u{307}\u{323}", "q\u{323}\u{307}"),
    ("\u{1112}\u{1161}\u{11ab}", "한"),
];

/// Where encodings change, and where a float or an integer of 64 bits ends.
const EDGES: [&str; 27] = [
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "-32",
    "-33",
    "127",
    "128",
    "-128",
    "-129",
    "255",
    "256",
    "65535",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "18446744073709551615.5",
];

pub(crate) fn string(choices: &mut Choices<'_>) -> String {
    // Rarely one that is too long for the shorter encodings of a length.
    let repeated = if choices.once_in(50) {
        choices.one_of(&[20, 40, 300])
    } else {
        1
    };
    let repeated = if repeated > 1 && choices.once_in(20) {
        70_000
    } else {
        repeated
    };
    let count = choices.below(5);
    let pieces: String = (0..count).map(|_| choices.one_of(&PIECES)).collect();
    pieces.repeat(repeated)
}

/// The spelling of a number: small, at an edge, of up to 512 bits and beyond, with a fraction, with an exponent.
pub(crate) fn number_text(choices: &mut Choices<'_>) -> String {
    let sign = if choices.once_in(3) { "-" } else { "" };
    match choices.below(7) {
        0 => format!("{sign}{}", choices.below(300)),
        1 => choices.one_of(&EDGES).to_owned(),
        2 => format!("{sign}{}.{}", choices.below(1000), choices.below(1_000_000)),
        3 => format!("{sign}{}", choices.bits()),
        4 => {
            let length = choices.one_of(&[30, 80, 152, 153, 154, 155, 156, 157, 200, 400]);
            format!("{sign}{}", digits(choices, length))
        }
        5 => {
            let (whole, fraction) = (
                choices.below(170),
                choices.one_of(&[1, 20, 80, 150, 154, 160, 300]),
            );
            format!("{sign}{}.{}", digits(choices, whole), digits(choices, fraction))
        }
        _ => {
            let length = choices.one_of(&[1, 3, 17, 60, 155, 180]);
            // go-cty's own arithmetic takes seconds where exponents have five digits.
            let largest = if choices.once_in(100) {
                9_000
            } else {
                choices.one_of(&[20, 400])
            };
            let exponent = i64::from(choices.below(2 * largest)) - i64::from(largest);
            format!("{sign}{}e{exponent}", digits(choices, length))
        }
    }
}

fn digits(choices: &mut Choices<'_>, length: u32) -> String {
    // Few choices make many digits, which are no pattern all the same.
    let mut state = choices.bits() | 1;
    let next = |_| {
        state = state
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        char::from(b'0' + u8::try_from((state >> 32) % 10).unwrap_or_default())
    };
    let text: String = (0..length.max(1)).map(next).collect();
    // Ones and zeros alone are where rounding is hardest.
    match choices.below(8) {
        6 => text.replace(['2', '3', '4', '5', '6', '7', '8', '9'], "9"),
        7 => text.replace(['2', '3', '4', '5', '6', '7', '8', '9'], "0"),
        _ => text,
    }
}
