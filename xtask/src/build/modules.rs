//! The WebAssembly modules of the package.

/// One module: a cargo feature of the SDK, bound and loaded on its own.
pub(crate) struct Module {
    /// The cargo feature, which names its glue and its TypeScript too.
    pub(crate) name: &'static str,
    /// The file in the package.
    pub(crate) file: &'static str,
    /// The exports of its loaders: a script of `dist/`.
    pub(crate) entry: &'static str,
    /// The prefix of its loaders' names in `runtime/`.
    pub(crate) prefix: &'static str,
    /// Whether only servers load it, so that it is optimized for speed instead of size.
    pub(crate) is_for_servers: bool,
}

impl Module {
    /// The cargo profile.
    pub(crate) const fn profile(&self) -> &'static str {
        if self.is_for_servers { "server" } else { "release" }
    }
}

/// The client's module. Loaders and tests are written for it; for the others, names are replaced.
pub(crate) const CLIENT: Module = Module {
    name: "client",
    file: "icloud-ready.wasm",
    entry: "index",
    prefix: "",
    is_for_servers: false,
};

/// All modules.
pub(crate) const MODULES: &[Module] = &[
    CLIENT,
    Module {
        name: "validation",
        file: "validation.wasm",
        entry: "validation",
        prefix: "validation-",
        is_for_servers: false,
    },
    Module {
        name: "forwarder",
        file: "forwarder.wasm",
        entry: "forwarder/index",
        prefix: "forwarder-",
        is_for_servers: true,
    },
];
