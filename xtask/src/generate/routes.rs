//! `routes.ts`: the operations' routes, for the in-memory CRM.

use super::typescript::HEADER;
use icloud_ready::endpoint::OPERATIONS;

pub(crate) fn print() -> String {
    let rows = OPERATIONS.iter().map(|operation| {
        let (method, path) = (operation.method.name(), operation.path);
        format!("  \"{}\": \"{method} {path}\",\n", operation.full_name())
    });
    format!(
        "{HEADER}\
         /** The operations' methods and paths. */\n\
         export const OPERATION_ROUTES = {{\n{}}} as const;\n",
        rows.collect::<String>(),
    )
}
