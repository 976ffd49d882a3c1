//! `cargo xtask`: builds, checks, demonstrates and measures the repository, the same locally and in CI.

mod bench;
mod build;
mod check;
mod demo;
mod fingerprint;
mod generate;
mod process;
mod programs;
mod runner;
mod sandbox;
mod server;
mod simulate;
mod size;
mod test;
mod workspace;

use clap::Parser as _;
use std::process::ExitCode;

/// Builds, checks, demonstrates and measures the repository.
#[derive(clap::Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Build the npm package into pkg/
    Build(build::Arguments),
    /// Build, start the sandbox, a forwarder and a site with a lead form, and send a lead
    Demo(demo::Arguments),
    /// Run the test suite
    Test(test::Arguments),
    /// Run one check of the suite
    Check(check::Arguments),
    /// Run the benchmarks and write the results to benches/RESULTS.md
    Bench(bench::Arguments),
    /// Kill forwarders at random and count lost and duplicated leads
    Crash(check::edge::CrashArguments),
    /// Run the forwarder behind Caddy while its machine and the CRM fail, and check leads and alerts
    Chaos(check::edge::ChaosArguments),
    /// Measure pkg/ against the size budget
    Size(size::Arguments),
    /// Run the emulated CRM; the arguments are passed to it
    Sandbox(process::Rest),
    /// Run the outbox simulation with more seeds and leads than the suite does
    Simulate(simulate::Arguments),
    /// Write the generated files
    Generate(generate::Arguments),
    /// Run a wasm test binary (cargo calls this)
    #[command(hide = true)]
    WasmTestRunner(process::Rest),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Build(arguments) => build::command(arguments),
        Command::Demo(arguments) => demo::command(arguments),
        Command::Test(arguments) => test::command(arguments),
        Command::Check(arguments) => check::command(arguments),
        Command::Bench(arguments) => bench::command(arguments),
        Command::Crash(arguments) => check::edge::crash(arguments),
        Command::Chaos(arguments) => check::edge::chaos(arguments),
        Command::Size(arguments) => size::command(arguments),
        Command::Sandbox(arguments) => sandbox::command(arguments),
        Command::Simulate(arguments) => simulate::command(arguments),
        Command::Generate(arguments) => generate::command(arguments),
        Command::WasmTestRunner(arguments) => runner::command(arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            let is_unavailable = error.is::<process::Unavailable>();
            if is_unavailable { ExitCode::from(process::UNAVAILABLE) } else { ExitCode::FAILURE }
        }
    }
}
