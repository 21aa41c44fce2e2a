//! Configuration, credentials and requests.

mod config;
mod credentials;
mod requests;
mod tls;
