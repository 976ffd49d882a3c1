//! A lead exactly once.

mod faults;
mod looks;
mod losses;
mod proofs;
mod reruns;
