//! The sandbox as a program: prints one JSON line on stdout once it listens.

use std::future::pending;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use icloud_ready_sandbox::{Options, Sandbox, Switches};

const USAGE: &str = "usage: sandbox [--port N] [--file PATH] [--switches JSON] [--seed N] \
                     [--ready-file PATH] [--exit-with-stdin]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match CommandLine::parse(arguments).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct CommandLine {
    options: Options,
    ready_file: Option<PathBuf>,
    exit_with_stdin: bool,
}

impl CommandLine {
    fn parse(arguments: Vec<String>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let mut value =
                || arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"));
            match name.as_str() {
                "--port" => parsed.options.port = number(&name, &value()?)?,
                "--seed" => parsed.options.seed = number(&name, &value()?)?,
                "--file" => parsed.options.file = Some(value()?.into()),
                "--switches" => parsed.options.switches = switches(&value()?)?,
                "--ready-file" => parsed.ready_file = Some(value()?.into()),
                "--exit-with-stdin" => parsed.exit_with_stdin = true,
                _ => return Err(format!("{name} is not an option\n{USAGE}")),
            }
        }
        Ok(parsed)
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} takes a number"))
}

fn switches(text: &str) -> Result<Switches, String> {
    let changes = serde_json::from_str(text).map_err(|error| format!("--switches: {error}"))?;
    Switches::default().merged(changes).map_err(|error| format!("--switches: {error}"))
}

fn run(command_line: CommandLine) -> Result<(), String> {
    let CommandLine { options, ready_file, exit_with_stdin } = command_line;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        // Signal handlers are installed before the line is printed: its reader may stop the
        // process.
        let stopped = stop_signal()?;
        let sandbox = Sandbox::try_start(options).map_err(|error| error.to_string())?;
        announce(&sandbox, ready_file.as_deref()).map_err(|error| error.to_string())?;
        tokio::select! {
            () = stopped => {}
            () = end_of_stdin(), if exit_with_stdin => {}
        }
        drop(sandbox);
        Ok(())
    })
}

fn announce(sandbox: &Sandbox, ready_file: Option<&Path>) -> std::io::Result<()> {
    let line = format!(
        "{{\"url\":\"{}\",\"inbox\":\"{}\",\"control\":\"{}\"}}\n",
        sandbox.url(),
        sandbox.inbox_url(),
        sandbox.control_url()
    );
    if let Some(path) = ready_file {
        // Renamed into place, so that a reader that waits for the file never reads part of it.
        let mut unfinished = path.to_path_buf().into_os_string();
        unfinished.push(".part");
        std::fs::write(&unfinished, &line)?;
        std::fs::rename(&unfinished, path)?;
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    stdout.flush()
}

#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| error.to_string());
    let (mut terminate, mut interrupt) =
        (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    })
}

/// Resolves when stdin closes, that is, when the parent process has ended.
async fn end_of_stdin() {
    let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
    let reader = std::thread::Builder::new().name("stdin".into()).spawn(move || {
        let mut buffer = [0; 1024];
        let mut stdin = std::io::stdin().lock();
        while stdin.read(&mut buffer).is_ok_and(|read| read > 0) {}
        drop(sender);
    });
    match reader {
        Ok(_) => drop(receiver.await),
        Err(_) => pending().await,
    }
}
