//! Why documentation cannot be made.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why documentation cannot be made.
#[derive(Debug)]
pub enum DocsError {
    /// Something that is offered has no example.
    MissingExample {
        /// What has none.
        subject: String,
        /// The file that should hold it.
        path: PathBuf,
    },
    /// There is an import example for a resource that cannot be imported.
    NotImportable {
        /// The resource.
        subject: String,
        /// The example.
        path: PathBuf,
    },
    /// A page is larger than the registries take.
    TooLarge {
        /// The page.
        path: String,
        /// Its size.
        bytes: usize,
        /// The largest size that they take.
        limit: usize,
    },
    /// A file or a folder cannot be read or written.
    File {
        /// What was tried, for example `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl fmt::Display for DocsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingExample { subject, path } => {
                write!(f, "{subject} has no example: write one into {}", path.display())
            }
            Self::NotImportable { subject, path } => {
                let path = path.display();
                write!(
                    f,
                    "{path} shows how to import {subject}, which cannot be imported like that: remove the file, or offer the import"
                )
            }
            Self::TooLarge { path, bytes, limit } => {
                write!(
                    f,
                    "{path} would have {bytes} bytes, and the registries take {limit}: shorten its examples"
                )
            }
            Self::File { action, path, source } => {
                write!(f, "failed to {action} {}: {source}", path.display())
            }
        }
    }
}

impl std::error::Error for DocsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::MissingExample { .. } | Self::NotImportable { .. } | Self::TooLarge { .. } => None,
        }
    }
}
