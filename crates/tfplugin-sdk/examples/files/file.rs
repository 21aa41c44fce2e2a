//! The resource `files_file`: its schema, and how a file is created, read, updated and deleted. The files in the folder
//! beside it hold what else it can do.

mod import;
mod list;
mod plan;
mod take_over;
mod upgrade;

use std::fs;

use tfplugin_sdk::model::{Computed, Optional, OptionalComputed, Required, Sensitive, WriteOnly};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Resource};

pub(crate) use self::list::TextFiles;
use super::disk::{self, Write, failed};
use super::mode::Mode;
use super::root::{Root, inner_path};

/// Where private state keeps what the file looked like when its secret was written. It is there for secrets alone.
const STAMP: &str = "stamp";

/// A text file.
#[derive(Clone, Debug, Default, Resource)]
#[resource(name = "file", version = 1)]
#[attr(exactly_one_of("content", "secret"))]
pub(crate) struct TextFile {
    /// Where it is: relative to the provider's `root`, or absolute and inside of it. Another place means another file.
    #[attr(replace, validate = inner_path())]
    path: Required<String>,
    /// What is in it.
    content: Optional<String>,
    /// What is in it, where it must not be stored in a plan or state.
    #[attr(version = "secret_version")]
    secret: WriteOnly<Sensitive<String>>,
    /// The version of `secret`.
    secret_version: Optional<i64>,
    /// Its permissions. Default: `0644`, and `0600` of a secret.
    #[attr(default_with = TextFile::default_mode)]
    mode: OptionalComputed<Mode>,
    /// The SHA-256 of `content`, in hexadecimal digits.
    checksum: Computed<String>,
    /// The length of `content` in bytes.
    size: Computed<i64>,
}

impl TextFile {
    /// A file of which only the place is known.
    fn at(path: impl Into<String>) -> Self {
        Self {
            path: path.into().into(),
            ..Self::default()
        }
    }

    /// The default permissions, from the configuration. They are unknown only as long as that is.
    fn default_mode(&self) -> OptionalComputed<Mode> {
        match self.secret_version.get() {
            Some(_) => Mode::of(0o600).into(),
            None if self.secret_version.is_unknown() => OptionalComputed::unknown(),
            None => Mode::of(0o644).into(),
        }
    }

    fn bits(&self) -> u32 {
        self.mode.get().map_or(0o600, Mode::bits)
    }

    /// Fills in what follows from the content. Of a secret nothing does: a checksum helps to guess it.
    fn describe(&mut self) {
        if !self.content.is_unknown() {
            let content = self.content.get();
            self.checksum = content.map(|content| disk::checksum(content)).into();
            self.size = content.and_then(|content| content.len().try_into().ok()).into();
        }
    }

    /// Writes the file. Only the configuration holds a secret.
    fn write(mut self, context: &mut Context<Root>, config: &Self, how: Write) -> Result<Self, Diagnostic> {
        let secret = config.secret.get().map(Sensitive::expose);
        let text = secret.or(config.content.get()).map_or("", String::as_str);
        let path = context.client().resolve("path", &self.path)?;
        let written = disk::write(&path, text.as_bytes(), self.bits(), how);
        let written = written.map_err(|error| failed("write", &path)(error).at("path"))?;
        if secret.is_some() {
            context.private.set(STAMP, written.stamp);
        } else {
            context.private.remove(STAMP);
        }
        self.describe();
        Ok(self)
    }
}

impl Resource for TextFile {
    type Client = Root;

    async fn create(context: &mut Context<Root>, planned: Self, config: Self) -> Result<Self, Failure<Self>> {
        Ok(planned.write(context, &config, Write::New)?)
    }

    async fn read(context: &mut Context<Root>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        let path = context.client().resolve("path", &state.path)?;
        let Some(found) = disk::look(&path).map_err(failed("look at", &path))? else {
            return Ok(None);
        };
        state.mode = Mode::of(found.mode).into();
        if let Some(stamp) = context.private.text(STAMP) {
            // A secret cannot be compared with what it should be. If the file was touched, it is of no version.
            if stamp != found.stamp {
                state.secret_version = None.into();
            }
        } else if !state.content.is_null() || found.mode & 0o077 != 0 {
            // What is no text is not what was written either way, and shown as such.
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            state.content = String::from_utf8_lossy(&bytes).as_ref().into();
        } // Else it was imported, and what only its owner may read is taken for a secret.
        state.describe();
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<Root>,
        prior: Self,
        mut planned: Self,
        config: Self,
    ) -> Result<Self, Failure<Self>> {
        if planned.content != prior.content || planned.secret_version != prior.secret_version {
            return Ok(planned.write(context, &config, Write::Replace)?);
        }
        let path = context.client().resolve("path", &planned.path)?;
        disk::set_mode(&path, planned.bits()).map_err(failed("set the permissions of", &path))?;
        planned.describe();
        Ok(planned)
    }

    async fn delete(context: &mut Context<Root>, state: Self) -> Result<(), Failure<Self>> {
        let path = context.client().resolve("path", &state.path)?;
        Ok(disk::remove(&path).map_err(failed("remove", &path))?)
    }
}
