//! The simulation of the outbox, with more runs than in the suite.

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::Result;

/// The tests to run; they read the numbers of runs and leads from the environment.
const TESTS: [&str; 2] = [
    "outbox::simulation::no_lead_is_lost_or_duplicated",
    "outbox::sources::simulation::no_lead_of_a_platform_is_lost_or_duplicated",
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many seeds to run
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// How many leads each run has
    #[arg(long, default_value_t = 5_000)]
    leads: usize,
    /// How many leads of sources each run has
    #[arg(long, default_value_t = 300)]
    source_leads: usize,
}

pub(crate) fn command(Arguments { seeds, leads, source_leads }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    let mut command = cargo();
    command
        .args(["test", "--profile=simulation", "--test=it", "--"])
        .args(["--exact", "--nocapture"])
        .args(TESTS)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("SEEDS", u64::to_string(&seeds))
        .env("LEADS", usize::to_string(&leads))
        .env("SOURCE_LEADS", usize::to_string(&source_leads));
    run(&mut command)
}
