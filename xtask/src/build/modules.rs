//! The WebAssembly modules of the package.

/// One module: a cargo feature of the SDK, bound and loaded on its own.
pub(crate) struct Module {
    /// The cargo feature, which names its glue and its TypeScript too.
    pub(crate) name: &'static str,
    /// The file in the package.
    pub(crate) file: &'static str,
    /// What its loaders export: a script of `dist/`.
    pub(crate) entry: &'static str,
    /// What stands before the names of its loaders in `runtime/`.
    pub(crate) prefix: &'static str,
    /// The cargo profile: pages load what is small, servers what is fast.
    pub(crate) profile: &'static str,
}

/// The client's, which loaders and tests are written for; the other modules' follow from it.
pub(crate) const CLIENT: Module = Module {
    name: "client",
    file: "icloud-ready.wasm",
    entry: "index",
    prefix: "",
    profile: "release",
};

/// All of them.
pub(crate) const MODULES: &[Module] = &[
    CLIENT,
    Module {
        name: "validation",
        file: "validation.wasm",
        entry: "validation",
        prefix: "validation-",
        profile: "release",
    },
    Module {
        name: "forwarder",
        file: "forwarder.wasm",
        entry: "forwarder/index",
        prefix: "forwarder-",
        profile: "server",
    },
];
