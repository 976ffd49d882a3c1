//! Everything that depends on JavaScript: the entries that the npm package's facade calls, and the
//! transport for Rust callers in the browser.
//!
//! The facade drives the calls: it starts a call and resumes it with the result of what it waited for. No
//! Rust closure is exported. Each entry into the module is a plain function call that the facade
//! can guard, so a trap neither leaves a promise pending nor reaches `uncaughtException`.

#[cfg(feature = "client")]
mod entry;
#[cfg(feature = "fetch")]
pub mod fetch;
#[cfg(any(feature = "client", feature = "forwarder"))]
mod host;
#[cfg(feature = "forwarder")]
mod outbox;
#[cfg(any(feature = "client", feature = "forwarder"))]
mod slots;
#[cfg(feature = "validation")]
mod validation;
#[cfg(any(feature = "client", feature = "fetch", feature = "forwarder"))]
mod value;

#[cfg(feature = "client")]
pub use entry::Core;
#[cfg(feature = "forwarder")]
pub use outbox::{HostStore, OutboxCore, check_store, schema_version};
#[cfg(feature = "validation")]
pub use validation::{IssueCallback, PhoneCallback, parse_phone, validate_lead};

// For the npm package's modules: a Rust caller chooses its own. Pages load the smaller one (0.55 kB of brotli less), whose
// time grows with the number of gaps; the forwarder, which has many values alive, the faster one.
#[cfg(all(feature = "module", not(feature = "forwarder")))]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
#[cfg(all(feature = "module", feature = "forwarder"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A panic is a trap: the facade reports it to the calls under way.
#[cfg(all(feature = "module", not(feature = "fetch")))]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
