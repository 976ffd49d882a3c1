//! Browsers and servers for tests.

use crate::process::{Unavailable, run};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Programs that tests start, the packages that contain them, and the error if they cannot be
/// installed.
struct Programs {
    names: &'static [&'static str],
    packages: &'static [&'static str],
    missing: Unavailable,
}

/// chromedriver's program, which starts Chromium; installs both if possible.
pub(crate) fn driver() -> Result<PathBuf> {
    install(&Programs {
        names: &["chromedriver"],
        packages: &["chromium", "chromium-driver"],
        missing: Unavailable("Chromium is missing; run: apt-get install chromium chromium-driver"),
    })
}

/// Firefox ESR's program; installs it if possible.
pub(crate) fn firefox() -> Result<PathBuf> {
    install(&Programs {
        names: &["firefox-esr"],
        packages: &["firefox-esr"],
        missing: Unavailable("Firefox ESR is missing; run: apt-get install firefox-esr"),
    })
}

/// The program that drives WebKitGTK's browser, and a display for it; installs both if possible.
pub(crate) fn webkit() -> Result<PathBuf> {
    install(&Programs {
        names: &["WebKitWebDriver", "Xvfb"],
        packages: &["webkit2gtk-driver", "xvfb"],
        missing: Unavailable("WebKitGTK is missing; run: apt-get install webkit2gtk-driver xvfb"),
    })
}

/// PHP's program and MariaDB's server, for WordPress; installs both if possible.
pub(crate) fn wordpress() -> Result<PathBuf> {
    install(&Programs {
        names: &["php", "mariadbd", "mariadb-install-db", "my_print_defaults", "dpkg"],
        packages: &["php-cli", "php-mysql", "mariadb-server-core", "mariadb-client-core"],
        missing: Unavailable(
            "PHP or MariaDB is missing; run: apt-get install php-cli php-mysql mariadb-server-core mariadb-client-core",
        ),
    })
}

/// The proxies and the service manager that the forwarder's recipes are for; installs them if
/// possible. Returns Caddy's program.
pub(crate) fn servers() -> Result<PathBuf> {
    install(&Programs {
        names: &["caddy", "nginx", "systemd-analyze"],
        packages: &["caddy", "nginx-light", "systemd"],
        missing: Unavailable(
            "Caddy, nginx or systemd is missing; run: apt-get install caddy nginx-light systemd",
        ),
    })
}

fn install(wanted: &Programs) -> Result<PathBuf> {
    let find_all = || wanted.names.iter().map(|program| find(program)).collect();
    let mut found: Option<Vec<PathBuf>> = find_all();
    // Only where no password is required.
    if found.is_none() && find("apt-get").is_some() && is_root() {
        let options = ["install", "--yes", "--no-install-recommends"];
        let installed = run(Command::new("apt-get").arg("update"))
            .and_then(|()| run(Command::new("apt-get").args(options).args(wanted.packages)));
        if let Err(error) = installed {
            eprintln!("xtask: {error:#}");
        }
        found = find_all();
    }
    found.and_then(|found| found.into_iter().next()).ok_or_else(|| wanted.missing.into())
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
