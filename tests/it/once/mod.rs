//! A lead exactly once.

mod looks;
mod losses;
mod proofs;
mod reruns;
