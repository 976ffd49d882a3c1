//! `codes.ts`: the codes of issues and failures, and the messages of failures, by their numbers in
//! the wasm.

use super::typescript::HEADER;
use icloud_ready::call::failure;
use icloud_ready::validate;

pub(crate) fn print() -> String {
    let issues = validate::ISSUE_CODES.iter().map(|(_, name)| format!("  \"{name}\",\n"));
    // The facade adds two of its own.
    let codes = failure::ERROR_CODES.iter().map(|(_, name, _)| *name);
    let errors = ["configuration", "internal"]
        .into_iter()
        .chain(codes)
        .map(|name| format!("  | \"{name}\""));
    let failures = failure::ERROR_CODES
        .iter()
        .map(|(_, name, message)| format!("  [\"{name}\", \"{}\"],\n", message));
    format!(
        "{HEADER}\n\
         /** The codes of issues, by their numbers in the wasm. */\n\
         export const ISSUES = [\n{}] as const;\n\n\
         /** The codes of errors. More may be added. */\n\
         export type ErrorCode =\n{};\n\n\
         /** The codes and messages of failures, by their numbers in the wasm. @internal */\n\
         export const FAILURES = [\n{}] as const;\n",
        issues.collect::<String>(),
        errors.collect::<Vec<_>>().join("\n"),
        failures.collect::<String>(),
    )
}
