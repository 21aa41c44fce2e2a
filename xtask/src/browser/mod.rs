//! A real Chromium without a window, as a user's stand-in before a page.
//!
//! Driven by chromedriver over the `WebDriver` protocol, which is JSON over HTTP
//! (<https://www.w3.org/TR/webdriver2/>). The libraries for it bring an asynchronous stack and some fifty crates along;
//! the ten requests that are needed here are fewer.

mod driver;
mod page;
mod process;

pub use page::{Browser, Element};
pub use process::is_installed;
