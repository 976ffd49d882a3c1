//! Lead sources: events are stored, fetched, mapped and sent once.

mod backfill;
mod fetching;
mod mapping;
mod platforms;
mod rig;
mod simulation;
