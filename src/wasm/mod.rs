//! Everything that knows JavaScript: the entries the npm package's facade calls, and the
//! transport for Rust callers in the browser.
//!
//! The facade drives: it starts a call and resumes it with what it waited for, and no Rust closure
//! is ever handed out. So each way into the module is a plain function call that the facade can
//! guard, and a trap can neither leave a promise pending nor reach the host's `uncaughtException`.

#[cfg(feature = "client")]
mod entry;
#[cfg(feature = "fetch")]
pub mod fetch;
#[cfg(any(feature = "client", feature = "forwarder"))]
mod host;
#[cfg(feature = "forwarder")]
mod outbox;
#[cfg(feature = "client")]
mod task;
#[cfg(feature = "validation")]
mod validation;
#[cfg(any(feature = "client", feature = "fetch", feature = "forwarder"))]
mod value;

#[cfg(feature = "client")]
pub use entry::Core;
#[cfg(feature = "forwarder")]
pub use outbox::{HostStore, OutboxCore, check_store, schema_version};
#[cfg(feature = "validation")]
pub use validation::{Take, TakePhone, parse_phone, validate_lead};

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A panic is a trap and no more: the facade says what became of the call.
#[cfg(not(feature = "fetch"))]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
