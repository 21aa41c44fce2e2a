//! Free ports on the loopback address.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result};

/// `N` different ports that were free a moment ago. Another program may still be faster, so that a start that fails
/// over a port is worth a second try.
pub(super) fn free<const N: usize>() -> Result<[u16; N]> {
    let mut ports = [0; N];
    // All are held until all are chosen: else the same one could be given out twice.
    let mut held = Vec::with_capacity(N);
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free on 127.0.0.1")?;
        *port = listener
            .local_addr()
            .context("a listener without an address")?
            .port();
        held.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_differ_and_can_be_bound() -> Result<()> {
        let [first, second] = free()?;
        assert_ne!(first, second);
        for port in [first, second] {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        }
        Ok(())
    }
}
