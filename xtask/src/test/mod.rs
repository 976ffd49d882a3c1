//! Runs the checks of the test suite and reports their results.

mod checks;

use crate::process::UNAVAILABLE;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use checks::{CHECKS, Check, FULL_CHECKS, LONGER};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How many lines of a failed check's log are printed when no failed test is found in it.
const LOG_TAIL_LINES: usize = 200;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The checks to run, separated by commas; by default all but the long ones
    #[arg(long, value_name = "CHECKS", value_delimiter = ',')]
    only: Vec<String>,
    /// Run the long checks too
    #[arg(long)]
    full: bool,
    /// The checks that may be unavailable, separated by commas
    #[arg(long, value_name = "CHECKS", value_delimiter = ',')]
    allow_unavailable: Vec<String>,
    /// List the checks and what each runs, and exit
    #[arg(long)]
    list: bool,
    /// Print the whole output of each check
    #[arg(short, long)]
    verbose: bool,
}

pub(crate) fn command(choice: Arguments) -> Result<()> {
    if choice.list {
        list();
        return Ok(());
    }
    for name in choice.only.iter().chain(&choice.allow_unavailable) {
        if !all().any(|check| check.name == name) {
            bail!("unknown check {name}; see cargo xtask test --list");
        }
    }
    let workspace = Workspace::find()?;
    let longer = if choice.full { FULL_CHECKS } else { &[] };
    let checks: Vec<_> = match choice.only.as_slice() {
        [] => CHECKS.iter().chain(longer).collect(),
        only => all().filter(|check| only.iter().any(|name| name == check.name)).collect(),
    };
    let run = |check| run(check, &workspace, choice.verbose);
    let results = checks.into_iter().map(run).collect::<Result<Vec<_>>>()?;
    table(&results);
    if choice.only.is_empty() {
        list_longer(choice.full);
    }
    conclude(&results, &choice.allow_unavailable)
}

fn all() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().chain(FULL_CHECKS)
}

fn list() {
    for check in all() {
        for (index, step) in check.steps.iter().enumerate() {
            println!("{:<19} {}", if index == 0 { check.name } else { "" }, step.join(" "));
        }
    }
}

/// The result of a check.
struct Outcome {
    name: &'static str,
    status: Status,
    time: Duration,
}

#[derive(PartialEq)]
enum Status {
    Passed,
    Failed,
    /// A prerequisite is missing: the log's last line, which names the command to run.
    Unavailable(String),
}

fn run(check: &Check, workspace: &Workspace, verbose: bool) -> Result<Outcome> {
    eprintln!("test: {}", check.name);
    let log = workspace.scratch().join("logs").join(format!("{}.log", check.name));
    fs::create_dir_all(log.parent().context("the log has no folder")?)?;
    File::create(&log)?;
    let start = Instant::now();
    let mut result = Status::Passed;
    for step in check.steps {
        let status = run_step(step, workspace, &log)?;
        if !status.success() {
            result = if status.code() == Some(UNAVAILABLE.into()) {
                let log = fs::read_to_string(&log)?;
                Status::Unavailable(log.lines().last().unwrap_or_default().to_owned())
            } else {
                Status::Failed
            };
            break;
        }
    }
    if verbose {
        eprintln!("{}", fs::read_to_string(&log)?);
    } else if result == Status::Failed {
        eprintln!("{}\n(the whole log: {})", failures(&fs::read_to_string(&log)?), log.display());
    }
    Ok(Outcome { name: check.name, status: result, time: start.elapsed() })
}

/// The part of a log about the failure: the failed tests in TAP, otherwise the last lines.
fn failures(log: &str) -> String {
    let mut found = Vec::new();
    let mut is_failure = false;
    for line in log.lines() {
        is_failure |= line.trim_start().starts_with("not ok ");
        if is_failure {
            found.push(line);
        }
        // The end of a result's details.
        is_failure &= line.trim() != "...";
    }
    if found.is_empty() {
        found = log.lines().collect();
        found.drain(..found.len().saturating_sub(LOG_TAIL_LINES));
    }
    found.join("\n")
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
    for Outcome { name, status, time } in results {
        let (word, note) = match status {
            Status::Passed => ("passed", ""),
            Status::Failed => ("failed", ""),
            Status::Unavailable(note) => ("unavailable", note.as_str()),
        };
        println!("{name:<19} {word:<11} {:>6.1} s  {note}", time.as_secs_f64());
    }
}

/// Names the long checks that did not run.
fn list_longer(full: bool) {
    println!("\nNot run because they take long:");
    for check in if full { &[] } else { FULL_CHECKS } {
        println!("  cargo xtask test --only {}", check.name);
    }
    for command in LONGER {
        println!("  {command}");
    }
}

fn conclude(results: &[Outcome], allow_unavailable: &[String]) -> Result<()> {
    let count =
        |matches: &dyn Fn(&Outcome) -> bool| results.iter().filter(|it| matches(it)).count();
    let passed = count(&|outcome| outcome.status == Status::Passed);
    let skipped = count(&|outcome| {
        matches!(outcome.status, Status::Unavailable(_))
            && allow_unavailable.iter().any(|name| name == outcome.name)
    });
    let failed = results.len() - passed - skipped;
    println!("\n{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        bail!("the suite failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::failures;

    #[test]
    fn failed_tests_are_extracted_from_a_log() {
        let log = "ok 1 - a\n  ---\n  ...\nnot ok 2 - b\n  ---\n  error: c\n  ...\nok 3 - d";
        assert_eq!(failures(log), "not ok 2 - b\n  ---\n  error: c\n  ...");
        assert_eq!(failures("error: no tests\nend"), "error: no tests\nend");
    }
}
