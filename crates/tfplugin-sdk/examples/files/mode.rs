//! Permissions, of which `644` and `0644` are two spellings.

use tfplugin_sdk::model::Text;

/// Permissions of a file, as `chmod` takes them.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    text: String,
    bits: u32,
}

impl Mode {
    pub(crate) fn of(bits: u32) -> Self {
        let bits = bits & 0o7777;
        Self {
            text: format!("{bits:04o}"),
            bits,
        }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.bits
    }
}

/// Two that mean the same are equal, and Terraform then sees no change.
impl PartialEq for Mode {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl Text for Mode {
    const EXPECTED: &'static str = "permissions of three or four octal digits, for example `0644`";

    fn parse(text: &str) -> Option<Self> {
        let octal = text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        if !octal || !(3..=4).contains(&text.len()) {
            return None;
        }
        Some(Self {
            text: text.to_owned(),
            bits: u32::from_str_radix(text, 8).ok()?,
        })
    }

    fn as_str(&self) -> &str {
        &self.text
    }
}
