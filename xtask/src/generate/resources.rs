//! `resources.ts`: the groups' interfaces, and the run-time table the facade makes methods from.

use super::catalog;
use super::typescript::{HEADER, Signature, comment};
use icloud_ready::endpoint::{GROUPS, Input, OPERATIONS, Operation};
use icloud_ready::path::placeholders;

/// The interfaces that hand-written code of the facade extends.
const EXTENDED: &[(&str, &str)] = &[("leads", "BulkLeads")];

/// The only operation with its own options: a lead can be created exactly once.
const CREATED_ONCE: (&str, &str) = ("leads", "create");

pub(crate) fn print() -> String {
    let mut file = String::from(HEADER);
    file.push_str(&imports());
    for (group, doc) in GROUPS {
        file.push('\n');
        file.push_str(&comment("", &[doc]));
        file.push_str(&interface(group));
    }
    file.push('\n');
    file.push_str(&table());
    file
}

fn imports() -> String {
    let body: String = GROUPS.iter().map(|(group, _)| interface(group)).collect();
    let code = body.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    let words: Vec<_> = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric())).collect();
    let models = catalog::models();
    let names =
        models.iter().flat_map(|model| [model.name.to_owned(), format!("New{}", model.name)]);
    let shared = ["Changes", "JsonObject", "JsonValue"].map(str::to_owned);
    let mut used: Vec<_> =
        names.chain(shared).filter(|name| words.contains(&name.as_str())).collect();
    used.sort();
    let bulk: Vec<_> = EXTENDED.iter().map(|(_, base)| *base).collect();
    format!(
        "import type {{ {} }} from \"../create-many.js\";\n\
         import type {{ List }} from \"../list.js\";\n\
         import type {{ CallOptions, CreateOptions }} from \"../settings.js\";\n\
         import type {{\n  {},\n}} from \"../../base/generated/models.js\";\n",
        bulk.join(", "),
        used.join(",\n  "),
    )
}

fn interface(group: &str) -> String {
    let base = EXTENDED.iter().find(|(extended, _)| *extended == group);
    let extends = base.map_or(String::new(), |(_, base)| format!(" extends {base}"));
    let mut text = format!("export interface {}{extends} {{\n", catalog::interface(group));
    for operation in OPERATIONS.iter().filter(|operation| operation.group == group) {
        text.push_str(&method(operation));
    }
    for (name, subgroup) in catalog::subgroups(group) {
        let doc = GROUPS.iter().find(|(group, _)| *group == subgroup).map_or("", |(_, doc)| doc);
        text.push_str(&member(name, subgroup, doc));
    }
    text.push_str("}\n");
    text
}

fn member(name: &str, group: &str, doc: &str) -> String {
    format!("{}  readonly {name}: {};\n", comment("  ", &[doc]), catalog::interface(group))
}

fn method(operation: &Operation) -> String {
    let signature = Signature::of(operation);
    let mut parameters: Vec<_> =
        signature.arguments.iter().map(|argument| format!("{argument}: string")).collect();
    if let Some((name, kind)) = &signature.sent {
        parameters.push(format!("{name}: {kind}"));
    }
    let once = (operation.group, operation.name) == CREATED_ONCE;
    parameters.push(format!("options?: {}", if once { "CreateOptions" } else { "CallOptions" }));
    let route = format!("`{} {}`", operation.method.name(), operation.path);
    format!(
        "{}  {}({}): {};\n",
        comment("  ", &[&format!("{} {route}", operation.doc)]),
        operation.name,
        parameters.join(", "),
        signature.answer,
    )
}

fn table() -> String {
    let order = "The operations by group. The position of an operation is its number in the wasm.";
    let value = "A value is four times the number of path arguments, plus the kind of input: 0 none, \
                 1 a body, 2 a query, 3 an optional body. @internal";
    let mut text = comment("", &[order, value]);
    text.push_str("export const operations = {\n");
    for (group, _) in GROUPS {
        let rows = OPERATIONS.iter().filter(|operation| operation.group == *group);
        let rows: Vec<_> =
            rows.map(|operation| format!("{}: {}", operation.name, code(operation))).collect();
        let key = if group.contains('.') { format!("\"{group}\"") } else { (*group).to_owned() };
        text.push_str(&format!("  {key}: {{ {} }},\n", rows.join(", ")));
    }
    text.push_str("} as const;\n");
    text
}

fn code(operation: &Operation) -> usize {
    let sends = match operation.input {
        Input::None => 0,
        Input::Body(_) => 1,
        Input::Query(_) => 2,
        Input::OptionalBody(_) => 3,
    };
    placeholders(operation.path).count() * 4 + sends
}
