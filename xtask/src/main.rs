//! `cargo xtask`: everything the repository does to itself, the same at home and in CI.

mod bench;
mod browser;
mod build;
mod check;
mod demo;
mod generate;
mod process;
mod runner;
mod sandbox;
mod server;
mod simulate;
mod size;
mod stamp;
mod test;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

/// A command: its name, its arguments, what it does, and the function that does it.
type Command = (&'static str, &'static str, &'static str, fn(lexopt::Parser) -> anyhow::Result<()>);

const COMMANDS: &[Command] = &[
    ("build", "[--feature NAME]", "build the npm package into pkg/", build::command),
    ("demo", "[--once] [--port N]", "build, start the sandbox, and send it a lead", demo::command),
    (
        "test",
        "[--only LEGS] [--full] [--allow-absent LEGS] [--list] [-v]",
        "run the test suite",
        test::command,
    ),
    ("check", "NAME [--bless]", "run one check of the suite", check::command),
    ("bench", "[--only NAME]", "measure, and keep what was measured", bench::command),
    ("crash", "[--runs N] [--seed S]", "kill forwarders at random", check::edge::crash),
    ("size", "", "measure pkg/ against the budget", size::command),
    ("sandbox", "[ARGUMENTS]", "run the sandbox", sandbox::command),
    (
        "simulate",
        "[--seeds N] [--leads N]",
        "run the outbox's simulation for longer",
        simulate::command,
    ),
    ("generate", "[--root DIR]", "write the generated files", generate::command),
    ("wasm-test-runner", "FILE", "run a wasm test binary", runner::command),
];

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.is_empty() {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let name = arguments.remove(0);
    let Some((_, _, _, run)) = COMMANDS.iter().find(|(known, ..)| name == *known) else {
        eprint!("xtask: there is no command {}\n\n{}", name.to_string_lossy(), help());
        return ExitCode::FAILURE;
    };
    match run(lexopt::Parser::from_args(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            let absent = error.is::<process::Absent>();
            if absent { ExitCode::from(process::ABSENT) } else { ExitCode::FAILURE }
        }
    }
}

fn help() -> String {
    let rows =
        COMMANDS.iter().map(|(name, usage, about, _)| format!("  {name} {usage}\n      {about}\n"));
    format!("usage: cargo xtask COMMAND\n\n{}", rows.collect::<String>())
}
