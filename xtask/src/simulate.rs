//! The outbox's simulation, for longer than the suite runs it.

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::Result;

/// The test that is run; `tests/it/outbox/simulation.rs` reads how much of it from the environment.
const TEST: &str = "outbox::simulation::nothing_is_lost_and_nothing_doubled";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many seeds to run
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// How many leads each run has
    #[arg(long, default_value_t = 5_000)]
    leads: usize,
}

pub(crate) fn command(Arguments { seeds, leads }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut command = cargo();
    command
        .args(["test", "--profile=simulation", "--test=it", "--"])
        .args(["--exact", TEST, "--nocapture"])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("SEEDS", u64::to_string(&seeds))
        .env("LEADS", usize::to_string(&leads));
    run(&mut command)
}
