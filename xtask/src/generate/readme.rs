//! The README's API table.

use super::typescript::Signature;
use anyhow::{Context as _, Result};
use icloud_ready::endpoint::{OPERATIONS, Operation};

const BEGIN: &str = "<!-- api:begin -->\n";
const END: &str = "<!-- api:end -->";

/// The README with its table replaced; `None` if it has no marks for one.
pub(crate) fn rewrite(readme: &str) -> Result<Option<String>> {
    let Some((before, rest)) = readme.split_once(BEGIN) else {
        return Ok(None);
    };
    let (_, after) = rest.split_once(END).context("README.md has api:begin but no api:end")?;
    Ok(Some(format!("{before}{BEGIN}{}{END}{after}", table())))
}

fn table() -> String {
    let head = "| method | route | request | returns |\n| --- | --- | --- | --- |\n";
    let rows = OPERATIONS.iter().map(|operation| row(operation));
    std::iter::once(head.to_owned()).chain(rows).collect()
}

fn row(operation: &Operation) -> String {
    let signature = Signature::of(operation);
    let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
    let call = format!("{}.{}({})", operation.group, operation.name, signature.parameters());
    let route = format!("{} {}", operation.method.name(), operation.path);
    let sends = signature.sent.as_ref().map_or(String::new(), |(_, kind)| code(kind));
    format!("| {} | {} | {sends} | {} |\n", code(&call), code(&route), code(&signature.answer))
}
