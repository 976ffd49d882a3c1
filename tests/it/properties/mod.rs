//! Properties of any input.

mod calls;
mod inputs;
mod json;
mod leads;
mod responses;
