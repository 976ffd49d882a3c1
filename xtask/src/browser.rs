//! Chromium for tests.

use crate::process::{Absent, run};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// chromedriver's program, which starts Chromium; both installed if they can be.
pub(crate) fn driver() -> Result<PathBuf> {
    const MISSING: Absent =
        Absent("Chromium is missing; run: apt-get install chromium chromium-driver");
    if let Some(driver) = find("chromedriver") {
        return Ok(driver);
    }
    // Only where nobody would be asked for a password.
    if find("apt-get").is_some() && is_root() {
        run(Command::new("apt-get").arg("update"))?;
        run(Command::new("apt-get").args(["install", "--yes", "chromium", "chromium-driver"]))?;
    }
    find("chromedriver").ok_or_else(|| MISSING.into())
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
