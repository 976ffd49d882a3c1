//! `models.ts`: an interface for each record and its parts.

use super::catalog;
use super::typescript::{HEADER, comment, field};
use icloud_ready::model::{Field, Model, Presence};

const PRELUDE: &str = r"/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [name: string]: JsonValue };

/** A JSON object whose members are not documented. */
export type JsonObject = { [name: string]: unknown };

/** Changes to a `T`: any of its fields, at any depth, including fields added by interface augmentation; `null` clears. */
export type Changes<T> = { [Field in keyof T]?: ChangedValue<T[Field]> | null | undefined };

type ChangedValue<V> = V extends readonly (infer Item)[]
  ? readonly ChangedValue<Item>[]
  : V extends object
    ? Changes<V>
    : V;

/** A `T` from a response: every field may be missing or `null`, and there may be undocumented fields. */
export type Recorded<T> = { [Field in keyof T]?: ReceivedValue<T[Field]> | null } & {
  [field: string]: unknown;
};

type ReceivedValue<V> = V extends readonly (infer Item)[] ? ReceivedValue<Item>[] : V extends object ? Recorded<V> : V;
";

pub(crate) fn print() -> String {
    let mut file = String::from(HEADER);
    file.push_str(PRELUDE);
    for model in catalog::models() {
        file.push('\n');
        file.push_str(&if catalog::is_record(model) { record(model) } else { part(model) });
    }
    file
}

fn record(model: &Model) -> String {
    let name = model.name;
    let (received, sent): (Vec<_>, Vec<_>) =
        model.fields.iter().partition(|field| field.presence == Presence::Response);
    let mut text = comment("", &[&format!("{} In requests.", model.doc)]);
    text.push_str(&interface(&format!("New{name}"), sent.iter().map(|field| input(field))));

    let spellings = sent.iter().filter_map(|field| spelling(field));
    let members = spellings.chain(received.into_iter().map(output));
    text.push('\n');
    text.push_str(&comment("", &[&format!("{} In responses.", model.doc)]));
    text.push_str(&interface(&format!("{name} extends Recorded<New{name}>"), members));
    text
}

fn part(model: &Model) -> String {
    let undocumented = if model.fields.is_empty() {
        Some("  [member: string]: unknown;\n".to_owned())
    } else if catalog::is_query(model) {
        let doc = comment("  ", &["Any other parameter is sent too."]);
        Some(doc + "  [parameter: string]: string | number | boolean | undefined;\n")
    } else {
        None
    };
    let members = model.fields.iter().map(input).chain(undocumented);
    comment("", &[model.doc]) + &interface(model.name, members)
}

fn interface(head: &str, members: impl Iterator<Item = String>) -> String {
    format!("export interface {head} {{\n{}}}\n", members.collect::<String>())
}

fn input(row: &Field) -> String {
    // `JSON.stringify` omits `undefined`, so an optional member may also be `undefined`.
    let (optional, undefined) =
        if row.presence == Presence::Required { ("", "") } else { ("?", " | undefined") };
    format!("{}  {}{optional}: {}{undefined};\n", comment("  ", &[row.doc]), row.name, field(row))
}

fn output(row: &Field) -> String {
    let kind = field(row).replace("readonly ", "");
    // Every record has an id; all other members may be missing or null.
    let (optional, null) = if row.name == "_id" { ("", "") } else { ("?", " | null") };
    format!("{}  {}{optional}: {kind}{null};\n", comment("  ", &[row.doc]), row.name)
}

/// The other spelling that a received field may have.
fn spelling(row: &Field) -> Option<String> {
    let alias = row.alias?;
    let doc = format!("`{}`, as the vendor spells it elsewhere.", row.name);
    Some(format!("{}  {alias}?: {} | null;\n", comment("  ", &[&doc]), field(row)))
}
