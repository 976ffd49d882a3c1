//! What holds for any input.

mod answers;
mod calls;
mod inputs;
mod json;
mod leads;
