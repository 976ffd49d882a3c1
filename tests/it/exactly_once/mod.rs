//! Each lead is created exactly once.

mod absence;
mod concurrent;
mod confirmation;
mod faults;
mod lookups;
mod lost_responses;
mod proofs;
mod reruns;
