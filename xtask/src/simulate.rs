//! The outbox's simulation, for longer than the suite runs it.

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::Result;
use lexopt::ValueExt as _;

/// The test that is run; `tests/it/outbox/simulation.rs` reads how much of it from the environment.
const TEST: &str = "outbox::simulation::nothing_is_lost_and_nothing_doubled";

/// `cargo xtask simulate [--seeds N] [--leads N]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut seeds, mut leads) = (200, 5_000);
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("seeds") => seeds = arguments.value()?.parse()?,
            lexopt::Arg::Long("leads") => leads = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
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
