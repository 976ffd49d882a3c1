//! Browsers for tests.

use crate::process::{Unavailable, run};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// A browser: the programs that tests start, the packages that contain them, and the error if they
/// cannot be installed.
struct Browser {
    programs: &'static [&'static str],
    packages: &'static [&'static str],
    missing: Unavailable,
}

/// chromedriver's program, which starts Chromium; both installed if they can be.
pub(crate) fn driver() -> Result<PathBuf> {
    install(&Browser {
        programs: &["chromedriver"],
        packages: &["chromium", "chromium-driver"],
        missing: Unavailable("Chromium is missing; run: apt-get install chromium chromium-driver"),
    })
}

/// Firefox ESR's program, installed if it can be.
pub(crate) fn firefox() -> Result<PathBuf> {
    install(&Browser {
        programs: &["firefox-esr"],
        packages: &["firefox-esr"],
        missing: Unavailable("Firefox ESR is missing; run: apt-get install firefox-esr"),
    })
}

/// The program that drives WebKitGTK's browser, and a display for it; installed if they can be.
pub(crate) fn webkit() -> Result<PathBuf> {
    install(&Browser {
        programs: &["WebKitWebDriver", "Xvfb"],
        packages: &["webkit2gtk-driver", "xvfb"],
        missing: Unavailable("WebKitGTK is missing; run: apt-get install webkit2gtk-driver xvfb"),
    })
}

fn install(browser: &Browser) -> Result<PathBuf> {
    let find_all = || browser.programs.iter().map(|program| find(program)).collect();
    let mut found: Option<Vec<PathBuf>> = find_all();
    // Only where no password is asked for.
    if found.is_none() && find("apt-get").is_some() && is_root() {
        let options = ["install", "--yes", "--no-install-recommends"];
        let installed = run(Command::new("apt-get").arg("update"))
            .and_then(|()| run(Command::new("apt-get").args(options).args(browser.packages)));
        if let Err(error) = installed {
            eprintln!("xtask: {error:#}");
        }
        found = find_all();
    }
    found.and_then(|found| found.into_iter().next()).ok_or_else(|| browser.missing.into())
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
