//! What Terraform forbids does not compile, and the messages say what to write instead.
//!
//! `TRYBUILD=overwrite cargo test -p tfplugin-sdk --test ui` writes the messages anew, to be read in the diff. They are those
//! of the compiler that CI has, so another one may word its own part of them differently.

#[test]
fn what_is_forbidden_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
