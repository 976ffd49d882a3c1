//! `cargo xtask wasm-test-runner`: runs a test binary of `cargo test --target
//! wasm32-unknown-unknown` in Node.js, or in a browser if `WASM_BINDGEN_USE_BROWSER` is set.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
