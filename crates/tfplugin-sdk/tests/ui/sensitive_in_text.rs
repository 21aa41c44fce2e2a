//! What is sensitive has no text.

use tfplugin_sdk::model::{Optional, Sensitive};

fn main() {
    let secret = Sensitive::new("hunter2".to_owned());
    println!("{secret}");
    let _ = secret.to_string();
    let field = Optional::known(secret);
    println!("{field}");
}
