//! Text as Terraform holds it, which is in Unicode's composed form (NFC): `é` and never `e` with an accent behind it.
//!
//! Terraform composes whatever text it is given. It does so with the names in a type as well, but does not look for a
//! composed name under another spelling: it refuses such an object, and crashes over two keys of a map that become the
//! same. So what is written here is composed, and the value that leaves is the one that Terraform will have.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// `text` in composed form.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// A name that another one becomes too.
pub(super) fn collision<'a>(names: impl Iterator<Item = &'a String>) -> Option<Cow<'a, str>> {
    let mut seen = BTreeSet::new();
    // Two different ones become the same only if one of them is not ASCII.
    names
        .filter(|name| !name.is_ascii())
        .map(|name| composed(name))
        .find(|name| !seen.insert(name.clone()))
}
