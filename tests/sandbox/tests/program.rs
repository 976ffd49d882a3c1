//! The program's output and termination.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{BEARER, Bench, until};

fn start(arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

fn ends(child: &mut Child) -> bool {
    let mut status = None;
    until(|| {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.is_some_and(|status| status.success())
}

#[test]
fn the_program_prints_its_url_and_exits_when_stdin_closes() {
    let ready = std::env::temp_dir().join(format!("sandbox-ready-{}.json", std::process::id()));
    let path = ready.to_str().unwrap();
    let switches = r#"{"envelope":{"path":"data"}}"#;
    let (mut child, urls) = start(&[
        "--port",
        "0",
        "--switches",
        switches,
        "--seed",
        "3",
        "--ready-file",
        path,
        "--exit-with-stdin",
    ]);
    assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(&ready).unwrap()).unwrap(), urls);
    let _ = std::fs::remove_file(&ready);
    let url = urls["url"].as_str().unwrap();
    let port = url.strip_prefix("http://127.0.0.1:").unwrap().strip_suffix("/api/v2").unwrap();
    assert_eq!(urls["inbox"], format!("http://127.0.0.1:{port}/"));
    assert_eq!(urls["control"], format!("http://127.0.0.1:{port}/_sandbox"));
    let client = Bench::new();
    let list = client.try_send("GET", &format!("{url}/leads"), &[BEARER], None).unwrap();
    assert_eq!(list.text(), r#"{"data":[]}"#);
    drop(child.stdin.take());
    assert!(ends(&mut child));
}

#[cfg(unix)]
#[test]
fn the_program_exits_on_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let (mut child, _) = start(&[]);
        let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(status.success());
        assert!(ends(&mut child), "{signal}");
    }
}

#[test]
fn invalid_arguments_are_reported() {
    for arguments in [&["--port", "x"][..], &["--port"], &["--odd"], &["--switches", "{\"x\":1}"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_sandbox")).args(arguments).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(output.stderr.starts_with(b"sandbox: "));
    }
}
