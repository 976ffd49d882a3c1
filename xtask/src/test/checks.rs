//! The checks of the suite.

/// Programs that run one after another until one fails.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) steps: &'static [&'static [&'static str]],
}

/// All checks, in the order in which they run: those that fail fastest come first.
pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "format",
        steps: &[&["cargo", "fmt", "--all", "--check"], &["xtask", "check", "prettier"]],
    },
    Check {
        name: "clippy",
        steps: &[
            &["cargo", "clippy", "--workspace", "--all-targets", "--", "--deny=warnings"],
            &["xtask", "check", "clippy-wasm"],
        ],
    },
    Check { name: "docs", steps: &[&["xtask", "check", "docs"]] },
    Check { name: "licenses", steps: &[&["xtask", "check", "licenses"]] },
    Check { name: "floors", steps: &[&["xtask", "check", "floors"]] },
    Check { name: "prose", steps: &[&["xtask", "check", "prose"]] },
    Check { name: "spelling", steps: &[&["xtask", "check", "spelling"]] },
    Check { name: "core-neutral", steps: &[&["xtask", "check", "core-neutral"]] },
    Check { name: "phone-table", steps: &[&["xtask", "check", "phone-table"]] },
    Check { name: "native", steps: &[&["xtask", "check", "native"]] },
    Check { name: "rust-caller", steps: &[&["xtask", "check", "rust-caller"]] },
    Check {
        name: "build",
        steps: &[&["xtask", "build"], &["xtask", "build", "--feature", "panic-test"]],
    },
    Check { name: "eslint", steps: &[&["xtask", "check", "eslint"]] },
    Check { name: "size", steps: &[&["xtask", "build"], &["xtask", "size"]] },
    Check {
        name: "golden",
        steps: &[&["xtask", "check", "routes"], &["xtask", "check", "golden"]],
    },
    Check { name: "type-names", steps: &[&["xtask", "check", "type-names"]] },
    Check { name: "adding-an-operation", steps: &[&["xtask", "check", "adding-an-operation"]] },
    Check { name: "wasm-node", steps: &[&["xtask", "check", "wasm-node"]] },
    Check { name: "wasm-chromium", steps: &[&["xtask", "check", "wasm-chromium"]] },
    Check { name: "package", steps: &[&["xtask", "check", "package"]] },
    Check { name: "types", steps: &[&["xtask", "check", "types"]] },
    Check { name: "openapi", steps: &[&["xtask", "check", "openapi"]] },
    Check { name: "browser", steps: &[&["xtask", "check", "browser"]] },
    // One check per browser, so that one that cannot be installed is listed separately.
    Check { name: "form-firefox", steps: &[&["xtask", "check", "form-firefox"]] },
    Check { name: "form-webkit", steps: &[&["xtask", "check", "form-webkit"]] },
    Check { name: "runtimes", steps: &[&["xtask", "check", "runtimes"]] },
    Check { name: "runtimes-chromium", steps: &[&["xtask", "check", "runtimes-chromium"]] },
    Check { name: "runtimes-firefox", steps: &[&["xtask", "check", "runtimes-firefox"]] },
    Check { name: "runtimes-webkit", steps: &[&["xtask", "check", "runtimes-webkit"]] },
    Check { name: "consumers", steps: &[&["xtask", "check", "consumers"]] },
    Check { name: "edge", steps: &[&["xtask", "check", "edge"]] },
    Check { name: "self-hosted", steps: &[&["xtask", "check", "self-hosted"]] },
];

/// Checks that take too long for every run: they run with `--full` or by name.
pub(crate) const FULL_CHECKS: &[Check] = &[
    Check { name: "consumers-next", steps: &[&["xtask", "check", "consumers-next"]] },
    Check { name: "wordpress", steps: &[&["xtask", "check", "wordpress"]] },
];

/// Commands that take even longer, or that measure.
pub(crate) const LONGER: &[&str] = &[
    "cargo xtask simulate --seeds 200 --leads 5000",
    "cargo xtask crash --runs 10",
    "cargo xtask chaos",
    "cargo xtask bench",
];
