//! `src/phone/table.rs`: libphonenumber's metadata, as automata over digits.

mod automaton;
mod machines;
mod metadata;
mod owners;
mod pattern;

use crate::fingerprint::Inputs;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use automaton::{Edge, Nodes};
use machines::{Form, Prefix, Valid};
use metadata::{Region, WORLD};
use owners::Owners;
use pattern::Program;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

/// The regions whose valid numbers are known in full.
const STRICT: [&str; 8] = ["AE", "BH", "EG", "FR", "KW", "OM", "QA", "SA"];

/// The length of the shortest national number.
const SHORTEST: usize = 4;

/// Generates the table if its inputs have changed.
pub(crate) fn update(workspace: &Workspace) -> Result<()> {
    let inputs = Inputs::default()
        .path(&workspace.root.join("package-lock.json"))?
        .path(&workspace.root.join("xtask/phone"))?
        .path(&workspace.root.join("xtask/src/generate/phone"))?;
    let fingerprint = workspace.scratch().join("phone-table.fingerprint");
    inputs.unless_done(&fingerprint, &file(workspace), || write(workspace))
}

/// Writes the table.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    if is_outdated(workspace)? {
        eprintln!("xtask: src/phone/table.rs");
        fs::write(file(workspace), print(&workspace.root)?)?;
    }
    Ok(())
}

/// Whether the table differs from the one generated from the metadata.
pub(crate) fn is_outdated(workspace: &Workspace) -> Result<bool> {
    Ok(fs::read_to_string(file(workspace)).unwrap_or_default() != print(&workspace.root)?)
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("src/phone/table.rs")
}

fn print(root: &Path) -> Result<String> {
    let mut regions = metadata::read(root)?;
    // Regions with a name first: a name's index is its region's.
    regions.sort_by_key(|region| region.region == WORLD);
    let mut table = Table { edits: vec![(0, 0)].into(), ..Table::default() };
    // The first node ends at once: what starts there accepts nothing and knows nothing.
    table.nodes.add(automaton::Node { labels: vec![0], next: [None; 10] });
    for region in &regions {
        table
            .add(region, &regions)
            .with_context(|| format!("{} {}", region.region, region.code))?;
    }
    table.text()
}

#[derive(Default)]
struct Table {
    nodes: Nodes,
    names: String,
    rows: Vec<Row>,
    /// Which digits of a prefix are kept: their number, and how many follow them. The first way,
    /// with which none is kept, removes the prefix.
    edits: RefCell<Vec<(usize, usize)>>,
}

/// A region's data in the table, except its nodes.
struct Row {
    code: u16,
    lengths: u16,
    before: u16,
    /// The first nodes of the automata.
    nodes: [usize; 5],
}

impl Table {
    fn add(&mut self, region: &Region, regions: &[Region]) -> Result<()> {
        let form = self.nodes.build(&Form::new(region)?);
        let strict = STRICT.contains(&region.region.as_str());
        let valid = if strict { self.nodes.build(&Valid::new(region)?) } else { None };
        let (before, group) = region.transform.split_once('$').unwrap_or_default();
        let national = Program::compile(&region.national)?;
        if !region.transform.is_empty() && group != national.groups.to_string() {
            bail!("cannot make {} of {}", region.transform, region.national);
        }
        let national = self.prefix(national, !region.transform.is_empty());
        let international = self.prefix(Program::compile(&region.international)?, false);
        let mut of_code: Vec<_> =
            regions.iter().filter(|other| other.code == region.code).collect();
        of_code.dedup_by_key(|region| &region.region);
        let main = of_code[0].region == region.region;
        let owner = if main { Owners::new(&of_code)?.build(&mut self.nodes) } else { None };

        let nodes = [form, valid, national, international, owner];
        let mut lengths = 0;
        for length in &region.general.lengths {
            let bit = length.checked_sub(SHORTEST).filter(|bit| *bit < 16);
            lengths |= 1 << bit.with_context(|| format!("a number of {length} digits"))?;
        }
        self.rows.push(Row {
            code: region.code.parse()?,
            lengths,
            before: u16::from_str_radix(&format!("{before:f<4}"), 16)?,
            nodes: nodes.map(Option::unwrap_or_default),
        });
        if region.region != WORLD {
            self.names.push_str(&region.region);
        }
        Ok(())
    }

    /// The automaton of a prefix; its labels say which of the digits are kept.
    fn prefix(&mut self, program: Program, keeps: bool) -> Option<usize> {
        let label = |group: Option<(usize, usize)>| {
            let edit = group.filter(|_| keeps).unwrap_or_default();
            let mut edits = self.edits.borrow_mut();
            let known = edits.iter().position(|known| *known == edit);
            known.unwrap_or_else(|| {
                edits.push(edit);
                edits.len() - 1
            }) as u16
        };
        self.nodes.build(&Prefix { program, label: &label })
    }

    fn text(&self) -> Result<String> {
        let roots = |column: usize| self.rows.iter().map(move |row| row.nodes[column]);
        let (edges, places, common) = self.nodes.edges(&(0..5).flat_map(roots).collect::<Vec<_>>());
        let places = |column| roots(column).map(|node| places[node] as u16).collect::<Vec<_>>();
        let column =
            |name: &str, numbers: &[u16]| format!("    {name}: [\n{}    ],\n", list(numbers));
        let numbers = |number: fn(&Row) -> u16| self.rows.iter().map(number).collect::<Vec<_>>();
        let regions = [
            column("code", &steps(&numbers(|row| row.code))),
            column("lengths", &numbers(|row| row.lengths)),
            column("before", &numbers(|row| row.before)),
            column("form", &steps(&places(0))),
            column("valid", &places(1)),
            column("national", &places(2)),
            column("international", &places(3)),
            column("owner", &places(4)),
        ];
        if edges.iter().any(|edge| edge.to >= 1 << 13) {
            bail!("the table cannot hold this many edges");
        }
        let bytes = |byte: fn(&Edge) -> u16| edges.iter().map(byte).collect::<Vec<_>>();
        let count = edges.len();
        let edges = [
            column("digits", &bytes(|edge| edge.digits & 0xff)),
            column("to", &bytes(|edge| edge.to & 0xff)),
            column(
                "rest",
                &bytes(|edge| edge.digits >> 8 | u16::from(edge.last) << 2 | edge.to >> 8 << 3),
            ),
        ];
        let names = self.names.as_bytes().chunks(90);
        let names = names.map(|line| format!("    \"{}\",\n", String::from_utf8_lossy(line)));
        let edits = self.edits.borrow();
        let kept = edits.iter().map(|(kept, behind)| format!("    ({kept}, {behind}),\n"));
        Ok(format!(
            "{HEADER}\
             pub(super) static NAMES: &str = concat!(\n{});\n\n\
             #[rustfmt::skip]\npub(super) static REGIONS: Regions<{}> = Regions {{\n{}}};\n\n\
             #[rustfmt::skip]\npub(super) static EDITS: [(u8, u8); {}] = [\n{}];\n\n\
             #[rustfmt::skip]\npub(super) static EDGES: Edges<{}> = Edges {{\n    common: {common},\n{}}};\n",
            names.collect::<String>(),
            self.rows.len(),
            regions.concat(),
            edits.len(),
            kept.collect::<String>(),
            count,
            edges.concat(),
        ))
    }
}

const HEADER: &str = "\
//! libphonenumber's metadata, written by `cargo xtask build`. The format is documented in
//! `layout.rs`.

use super::layout::{Edges, Regions};

";

/// The difference of each number to the one before it.
fn steps(numbers: &[u16]) -> Vec<u16> {
    let before = std::iter::once(&0).chain(numbers);
    numbers.iter().zip(before).map(|(number, before)| number.wrapping_sub(*before)).collect()
}

fn list(numbers: &[u16]) -> String {
    let line = |numbers: &[u16]| {
        let numbers: Vec<_> = numbers.iter().map(u16::to_string).collect();
        format!("        {},\n", numbers.join(", "))
    };
    numbers.chunks(20).map(line).collect()
}
