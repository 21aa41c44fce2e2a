//! The command line of the project's chores: `cargo xtask --help`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::{bench, demo, docs, images, interrupt, kubernetes, programs, report, test};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The chores of the project",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Apply the example on a real API server, and see that nothing is left to do
    Demo(demo::Demo),
    /// A real Kubernetes on this machine, without Docker
    #[command(subcommand)]
    Kubernetes(kubernetes::Kubernetes),
    /// Build the project's images into the local registry
    Images(images::Images),
    /// Build outside programs, such as Kubernetes, into the user's cache
    Programs(programs::Programs),
    /// Our provider measured against another one
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Write the registry's documentation from the code and the examples
    Docs,
    /// Run the tests: all tiers, or one, or one area of it
    Test(test::Test),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            report::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    interrupt::watch()?;
    match &arguments.chore {
        Chore::Demo(demo) => demo.run().map(|()| ExitCode::SUCCESS),
        Chore::Kubernetes(command) => command.run().map(|()| ExitCode::SUCCESS),
        Chore::Images(images) => images.run().map(|()| ExitCode::SUCCESS),
        Chore::Programs(programs) => programs.run().map(|()| ExitCode::SUCCESS),
        Chore::Bench(command) => command.run().map(|()| ExitCode::SUCCESS),
        Chore::Docs => docs::run().map(|()| ExitCode::SUCCESS),
        Chore::Test(test) => Ok(if test.run()? {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }),
    }
}
