//! The legs of the suite.

/// A part of the suite: programs that run one after another until one fails.
pub(crate) struct Leg {
    pub(crate) name: &'static str,
    pub(crate) steps: &'static [&'static [&'static str]],
}

/// All legs, in the order in which they run: what fails soonest stands first.
pub(crate) const LEGS: &[Leg] = &[
    Leg { name: "format", steps: &[&["cargo", "fmt", "--all", "--check"]] },
    Leg {
        name: "clippy",
        steps: &[
            &["cargo", "clippy", "--workspace", "--all-targets", "--", "--deny=warnings"],
            &["xtask", "check", "clippy-wasm"],
        ],
    },
    Leg { name: "deny", steps: &[&["xtask", "check", "licences"]] },
    Leg { name: "core-neutral", steps: &[&["xtask", "check", "core-neutral"]] },
    Leg { name: "phone-table", steps: &[&["xtask", "check", "phone-table"]] },
    Leg { name: "native", steps: &[&["xtask", "check", "native"]] },
    Leg {
        name: "build",
        steps: &[&["xtask", "build"], &["xtask", "build", "--feature", "panic-test"]],
    },
    Leg { name: "size", steps: &[&["xtask", "build"], &["xtask", "size"]] },
    Leg { name: "golden", steps: &[&["xtask", "check", "routes"], &["xtask", "check", "golden"]] },
    Leg { name: "thirty-fourth", steps: &[&["xtask", "check", "thirty-fourth"]] },
    Leg { name: "wasm-node", steps: &[&["xtask", "check", "wasm-node"]] },
    Leg { name: "wasm-chromium", steps: &[&["xtask", "check", "wasm-chromium"]] },
    Leg { name: "package", steps: &[&["xtask", "check", "package"]] },
    Leg { name: "types", steps: &[&["xtask", "check", "types"]] },
    Leg { name: "browser", steps: &[&["xtask", "check", "browser"]] },
    // Legs of their own: a browser that cannot be had is listed as absent by itself.
    Leg { name: "form-firefox", steps: &[&["xtask", "check", "form-firefox"]] },
    Leg { name: "form-webkit", steps: &[&["xtask", "check", "form-webkit"]] },
    Leg { name: "runtimes", steps: &[&["xtask", "check", "runtimes"]] },
    Leg { name: "runtimes-chromium", steps: &[&["xtask", "check", "runtimes-chromium"]] },
    Leg { name: "runtimes-firefox", steps: &[&["xtask", "check", "runtimes-firefox"]] },
    Leg { name: "runtimes-webkit", steps: &[&["xtask", "check", "runtimes-webkit"]] },
    Leg { name: "consumers", steps: &[&["xtask", "check", "consumers"]] },
    Leg { name: "edge", steps: &[&["xtask", "check", "edge"]] },
];

/// Legs that take too long for every run: with `--full`, or by name.
pub(crate) const FULL_LEGS: &[Leg] =
    &[Leg { name: "consumers-next", steps: &[&["xtask", "check", "consumers-next"]] }];

/// What takes longer still, or measures: commands of their own.
pub(crate) const LONGER: &[&str] = &[
    "cargo xtask simulate --seeds 200 --leads 5000",
    "cargo xtask crash --runs 10",
    "cargo xtask bench",
];
