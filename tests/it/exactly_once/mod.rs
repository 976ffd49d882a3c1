//! A lead exactly once.

mod absence;
mod confirming;
mod faults;
mod looks;
mod losses;
mod proofs;
mod reruns;
mod together;
