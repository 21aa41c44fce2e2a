//! What a killed process leaves behind: its socket, which is removed so that no test leaves anything, however it ends.

use std::path::PathBuf;

use super::Handshake;

/// The socket of a process, if it has one.
#[derive(Debug)]
pub(super) struct Remains(Option<PathBuf>);

impl Remains {
    /// Of a process that said `line`.
    pub(super) fn of(line: &str) -> Self {
        let handshake = Handshake::read(line).ok();
        let socket = handshake.filter(|handshake| handshake.network == "unix");
        Self(socket.map(|handshake| handshake.address.into()))
    }

    pub(super) fn are_there(&self) -> bool {
        self.0.as_ref().is_some_and(|path| path.exists())
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // A process that ended as it should has removed it.
            let _ = std::fs::remove_file(path);
        }
    }
}
