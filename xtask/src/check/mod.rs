//! The checks that are more than a program to run; each is a leg of `cargo xtask test`.

mod browser;
mod consumers;
pub(crate) mod edge;
mod golden;
mod licences;
mod native;
mod neutral;
mod package;
mod phone_table;
mod routes;
mod runtimes;
mod thirty_fourth;
mod wasm;

use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// A check: its name and what does it.
type Check = (&'static str, fn(&Workspace) -> Result<()>);

const CHECKS: &[Check] = &[
    ("browser", browser::check),
    ("clippy-wasm", wasm::clippy),
    ("consumers", consumers::check),
    ("consumers-next", consumers::next),
    ("core-neutral", neutral::check),
    ("edge", edge::check),
    ("form-firefox", browser::firefox),
    ("form-webkit", browser::webkit),
    ("golden", golden::check),
    ("licences", licences::check),
    ("native", native::check),
    ("package", package::behaviour),
    ("phone-table", phone_table::check),
    ("routes", routes::check),
    ("runtimes", runtimes::servers),
    ("runtimes-chromium", runtimes::chromium),
    ("runtimes-firefox", runtimes::firefox),
    ("runtimes-webkit", runtimes::webkit),
    ("thirty-fourth", thirty_fourth::check),
    ("types", package::types),
    ("wasm-chromium", wasm::chromium),
    ("wasm-node", wasm::node),
];

/// `cargo xtask check NAME [--bless]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut name, mut bless) = (None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Value(value) => name = Some(value),
            lexopt::Arg::Long("bless") => bless = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::find()?;
    let check = CHECKS.iter().find(|(known, _)| name.as_ref().is_some_and(|name| name == known));
    match check {
        Some(("golden", _)) if bless => golden::bless(&workspace),
        Some(("phone-table", _)) if bless => phone_table::bless(&workspace),
        Some((_, run)) => run(&workspace),
        None => {
            let names: Vec<_> = CHECKS.iter().map(|(name, _)| *name).collect();
            bail!("the checks are {}", names.join(", "))
        }
    }
}
