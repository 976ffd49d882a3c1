//! Checks that take more than running one program; `cargo xtask test` runs them all.

mod adding_an_operation;
mod browser;
mod consumers;
mod docs;
pub(crate) mod edge;
mod eslint;
mod floors;
mod golden;
mod licenses;
mod native;
mod neutral;
mod package;
mod phone_table;
mod prettier;
mod prose;
mod routes;
mod runtimes;
mod rust_caller;
mod spelling;
mod test_imports;
mod type_names;
mod wasm;

use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// A check: its name and its function.
type Check = (&'static str, fn(&Workspace) -> Result<()>);

const CHECKS: &[Check] = &[
    ("adding-an-operation", adding_an_operation::check),
    ("browser", browser::check),
    ("clippy-wasm", wasm::clippy),
    ("consumers", consumers::check),
    ("consumers-next", consumers::next),
    ("core-neutral", neutral::check),
    ("docs", docs::check),
    ("edge", edge::check),
    ("eslint", eslint::check),
    ("floors", floors::check),
    ("form-firefox", browser::firefox),
    ("form-webkit", browser::webkit),
    ("golden", golden::check),
    ("licenses", licenses::check),
    ("native", native::check),
    ("openapi", package::openapi),
    ("package", package::behavior),
    ("phone-table", phone_table::check),
    ("prettier", prettier::check),
    ("prose", prose::check),
    ("routes", routes::check),
    ("runtimes", runtimes::servers),
    ("runtimes-chromium", runtimes::chromium),
    ("runtimes-firefox", runtimes::firefox),
    ("runtimes-webkit", runtimes::webkit),
    ("rust-caller", rust_caller::check),
    ("self-hosted", edge::self_hosted),
    ("spelling", spelling::check),
    ("type-names", type_names::check),
    ("types", package::types),
    ("wasm-chromium", wasm::chromium),
    ("wasm-node", wasm::node),
    ("wordpress", browser::wordpress),
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The check's name
    name: String,
    /// Accept the current state as the expected one (golden, phone-table)
    #[arg(long)]
    bless: bool,
}

pub(crate) fn command(Arguments { name, bless }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    let check = CHECKS.iter().find(|(known, _)| name == *known);
    match check {
        Some(("golden", _)) if bless => golden::bless(&workspace),
        Some(("phone-table", _)) if bless => phone_table::bless(&workspace),
        Some((_, run)) => run(&workspace),
        None => {
            let names: Vec<_> = CHECKS.iter().map(|(name, _)| *name).collect();
            bail!("unknown check {name}; the checks are {}", names.join(", "))
        }
    }
}
