//! Servers as child processes: the sandbox, the demo site.

use crate::process::line;
use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A server that runs until this is dropped.
pub(crate) struct Server {
    process: Child,
}

impl Server {
    /// Starts a program that prints its URLs in one line of JSON once it listens, and that ends
    /// when its stdin closes, which happens however this process ends.
    pub(crate) fn start<T: DeserializeOwned>(command: &mut Command) -> Result<(Self, T)> {
        let name = line(command);
        command.arg("--exit-with-stdin").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let mut text = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut text)?;
        }
        let server = Self { process };
        let addresses = serde_json::from_str(&text);
        Ok((server, addresses.with_context(|| format!("{name} did not start"))?))
    }

    /// Waits until it ends on its own, for example at Ctrl-C.
    pub(crate) fn wait(mut self) -> Result<()> {
        // Waiting closes a pipe that still belongs to the process, which would end it.
        let stdin = self.process.stdin.take();
        self.process.wait()?;
        drop(stdin);
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have ended already; another error could not be handled.
        _ = self.process.wait();
    }
}
