//! The unix socket: in which directory, for which group, and gone when the process is.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use super::handshake::Request;

/// Where the socket goes when the directory for temporary files has no place for it.
const FALLBACK: &str = "/tmp";

/// A bound socket, whose file goes away with it.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) listener: UnixListener,
    file: RemovedOnDrop,
}

#[derive(Debug)]
struct RemovedOnDrop(PathBuf);

impl Drop for RemovedOnDrop {
    fn drop(&mut self) {
        // It may be gone already, with the directory that a test made for it.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Socket {
    /// Binds where `request` says, or else where temporary files go.
    ///
    /// A host that names a directory looks for the socket there, so that no other will do. Terraform names none: the
    /// directory for temporary files is the user's, who does not know that the path of a socket has to be short, and
    /// Terraform connects to whatever path it is told. So the provider goes elsewhere instead of failing as those on
    /// go-plugin do.
    pub(super) fn bind(request: &Request) -> io::Result<Self> {
        let name = format!("plugin{}-{:08x}", std::process::id(), random());
        let socket = if let Some(directory) = &request.socket_directory {
            Self::bind_in(directory, &name)
                .map_err(|problem| refusal(directory, "PLUGIN_UNIX_SOCKET_DIR", &problem))?
        } else {
            let directory = std::env::temp_dir();
            Self::bind_in(&directory, &name).or_else(|problem| {
                let elsewhere = Self::bind_in(Path::new(FALLBACK), &name);
                elsewhere.map_err(|_| refusal(&directory, "TMPDIR", &problem))
            })?
        };
        if let Some(group) = &request.socket_group {
            share_with_group(socket.path(), group)?;
        }
        Ok(socket)
    }

    fn bind_in(directory: &Path, name: &str) -> io::Result<Self> {
        let path = directory.join(name);
        // The path is a field of a line of text.
        let writable = path
            .to_str()
            .is_some_and(|text| !text.contains(['|', '\n', '\r']));
        if !writable {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "its path cannot be told in a handshake, because it holds `|`, a line break or what is not UTF-8",
            ));
        }
        let listener = UnixListener::bind(&path)?;
        Ok(Self {
            listener,
            file: RemovedOnDrop(path),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.file.0
    }
}

fn refusal(directory: &Path, variable: &str, problem: &io::Error) -> io::Error {
    io::Error::new(
        problem.kind(),
        format!(
            "failed to listen on a socket in {}: {problem}. The directory is that of {variable}: it must exist, be \
             writable, and have a path of less than 80 characters.",
            directory.display()
        ),
    )
}

/// A few bits by chance, so that two processes of one number in two containers do not meet. They are no secret.
fn random() -> u64 {
    // Its keys are the operating system's random numbers.
    RandomState::new().hash_one(()) & 0xffff_ffff
}

/// Lets a group use the socket, as go-plugin does for hosts that run providers as another user.
fn share_with_group(path: &Path, group: &str) -> io::Result<()> {
    let shared = group_id(group).and_then(|id| {
        std::os::unix::fs::chown(path, None, Some(id))?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))
    });
    shared.map_err(|problem| {
        io::Error::new(
            problem.kind(),
            format!(
                "failed to let the group {group:?} use the socket {}: {problem}. The group is that of \
                 PLUGIN_UNIX_SOCKET_GROUP: it must be one of this machine's groups, by name or number, and one that the \
                 user of this process belongs to.",
                path.display()
            ),
        )
    })
}

fn group_id(group: &str) -> io::Result<u32> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let groups = std::fs::read_to_string("/etc/group")?;
    let entry = groups
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|entry| entry[0] == group);
    entry
        .and_then(|entry| entry.get(2)?.parse().ok())
        .ok_or_else(|| io::Error::other("there is no such group"))
}
