//! The provider of the README, which a test compares with this file.
use std::{fs, io, process::ExitCode};
use tfplugin_sdk::{Context, Diagnostic, Diagnostics, Failure, Offer, Provider, Resource, model::Required};

/// Keeps notes in files.
#[derive(Clone, Provider)]
#[provider(name = "notes")]
struct Notes {}
impl Provider for Notes {
    type Client = ();
    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }
    fn offer(offer: &mut Offer<()>) {
        offer.resource::<Note>();
    }
}

/// A note in a file of its own.
#[derive(Clone, Resource)]
#[resource(name = "note")]
struct Note {
    /// Where the file is. Changing it replaces the note.
    #[attr(replace)]
    path: Required<String>,
    /// What the note says.
    text: Required<String>,
}

impl Resource for Note {
    type Client = ();
    async fn create(_: &mut Context<()>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        fs::write(planned.path.require()?, planned.text.require()?).map_err(|error| failed(&error))?;
        Ok(planned)
    }
    async fn read(_: &mut Context<()>, mut state: Self) -> Result<Option<Self>, Diagnostics> {
        match fs::read_to_string(state.path.require()?) {
            Ok(text) => state.text = text.into(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error).into()),
        }
        Ok(Some(state))
    }
    async fn update(c: &mut Context<()>, _: Self, new: Self, config: Self) -> Result<Self, Failure<Self>> {
        Self::create(c, new, config).await
    }
    async fn delete(_: &mut Context<()>, state: Self) -> Result<(), Failure<Self>> {
        match fs::remove_file(state.path.require()?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&error).into()),
            _ => Ok(()),
        }
    }
}

fn failed(error: &io::Error) -> Diagnostic {
    Diagnostic::error("The file of the note cannot be used", error.to_string()).at("path")
}

fn main() -> ExitCode {
    tfplugin_sdk::serve::<Notes>("registry.terraform.io/example/notes")
}
