//! `codes.ts`: the names and words of the numbers that the wasm tells errors and issues by.

use super::typescript::HEADER;
use icloud_ready::call::failure;
use icloud_ready::validate;

pub(crate) fn print() -> String {
    let issues = validate::CODES.iter().map(|(_, name)| format!("  \"{name}\",\n"));
    let failures =
        failure::CODES.iter().map(|(_, name, said)| format!("  [\"{name}\", \"{}\"],\n", said));
    format!(
        "{HEADER}\n\
         /** What can be wrong with what is sent, by the wasm's numbers. */\n\
         export const ISSUES = [\n{}] as const;\n\n\
         /** What can go wrong with a call, by the wasm's numbers: the code, and the words for it. @internal */\n\
         export const FAILURES = [\n{}] as const;\n",
        issues.collect::<String>(),
        failures.collect::<String>(),
    )
}
