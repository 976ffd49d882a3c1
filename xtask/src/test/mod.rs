//! Runs the legs of the test suite and tells what became of each.

mod legs;

use crate::process::ABSENT;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use legs::{FULL_LEGS, LEGS, LONGER, Leg};
use lexopt::ValueExt as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What was asked for.
#[derive(Default)]
struct Choice {
    only: Vec<String>,
    full: bool,
    allowed_absent: Vec<String>,
    verbose: bool,
}

/// `cargo xtask test [--only a,b] [--full] [--allow-absent a,b] [--list] [-v]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let mut choice = Choice::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("only") => choice.only = names(arguments.value()?.string()?)?,
            lexopt::Arg::Long("allow-absent") => {
                choice.allowed_absent = names(arguments.value()?.string()?)?;
            }
            lexopt::Arg::Long("full") => choice.full = true,
            lexopt::Arg::Short('v') => choice.verbose = true,
            lexopt::Arg::Long("list") => {
                list();
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::find()?;
    let longer = if choice.full { FULL_LEGS } else { &[] };
    let legs: Vec<_> = match choice.only.as_slice() {
        [] => LEGS.iter().chain(longer).collect(),
        only => all().filter(|leg| only.iter().any(|name| name == leg.name)).collect(),
    };
    let run = |leg| run(leg, &workspace, choice.verbose);
    let results = legs.into_iter().map(run).collect::<Result<Vec<_>>>()?;
    table(&results);
    if choice.only.is_empty() {
        name_longer(choice.full);
    }
    conclude(&results, &choice.allowed_absent)
}

fn all() -> impl Iterator<Item = &'static Leg> {
    LEGS.iter().chain(FULL_LEGS)
}

fn names(list: String) -> Result<Vec<String>> {
    let names: Vec<_> = list.split(',').map(str::to_owned).collect();
    for name in &names {
        if !all().any(|leg| leg.name == name) {
            bail!("there is no leg {name}; see cargo xtask test --list");
        }
    }
    Ok(names)
}

fn list() {
    for leg in all() {
        for (index, step) in leg.steps.iter().enumerate() {
            println!("{:<17} {}", if index == 0 { leg.name } else { "" }, step.join(" "));
        }
    }
}

/// What became of a leg.
struct Outcome {
    name: &'static str,
    verdict: Verdict,
    time: Duration,
}

#[derive(PartialEq)]
enum Verdict {
    Ran,
    Failed,
    /// Something it needs could not be had: what to run, from the log's last line.
    Absent(String),
}

fn run(leg: &Leg, workspace: &Workspace, verbose: bool) -> Result<Outcome> {
    eprintln!("test: {}", leg.name);
    let log = workspace.scratch().join("logs").join(format!("{}.log", leg.name));
    fs::create_dir_all(log.parent().context("the log has no folder")?)?;
    File::create(&log)?;
    let start = Instant::now();
    let mut verdict = Verdict::Ran;
    for step in leg.steps {
        let status = run_step(step, workspace, &log)?;
        if !status.success() {
            verdict = if status.code() == Some(ABSENT.into()) {
                let log = fs::read_to_string(&log)?;
                Verdict::Absent(log.lines().last().unwrap_or_default().to_owned())
            } else {
                Verdict::Failed
            };
            break;
        }
    }
    if verbose || verdict == Verdict::Failed {
        eprintln!("{}", fs::read_to_string(&log)?);
    }
    Ok(Outcome { name: leg.name, verdict, time: start.elapsed() })
}

fn run_step(step: &[&str], workspace: &Workspace, log: &Path) -> Result<ExitStatus> {
    let [program, arguments @ ..] = step else { bail!("an empty step") };
    let output = File::options().append(true).open(log)?;
    let mut command = match *program {
        "xtask" => Command::new(workspace.xtask()),
        program => Command::new(program),
    };
    command
        .args(arguments)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    command.status().with_context(|| format!("cannot run {}", step.join(" ")))
}

fn table(results: &[Outcome]) {
    println!();
    for Outcome { name, verdict, time } in results {
        let (word, note) = match verdict {
            Verdict::Ran => ("ran", ""),
            Verdict::Failed => ("failed", ""),
            Verdict::Absent(note) => ("absent", note.as_str()),
        };
        println!("{name:<17} {word:<7} {:>6.1} s  {note}", time.as_secs_f64());
    }
}

/// Names what was not run, since it takes too long for every run.
fn name_longer(full: bool) {
    println!("\nNot run, for their length:");
    for leg in if full { &[] } else { FULL_LEGS } {
        println!("  cargo xtask test --only {}", leg.name);
    }
    for command in LONGER {
        println!("  {command}");
    }
}

fn conclude(results: &[Outcome], allowed_absent: &[String]) -> Result<()> {
    let count =
        |matches: &dyn Fn(&Outcome) -> bool| results.iter().filter(|it| matches(it)).count();
    let passed = count(&|outcome| outcome.verdict == Verdict::Ran);
    let absent = count(&|outcome| {
        matches!(outcome.verdict, Verdict::Absent(_))
            && allowed_absent.iter().any(|name| name == outcome.name)
    });
    let failed = results.len() - passed - absent;
    println!("\n{passed} passed, {failed} failed, {absent} skipped");
    if failed > 0 {
        bail!("the suite failed");
    }
    Ok(())
}
