//! Reproducible random numbers.

use icloud_ready::sync::Cell;

/// A small deterministic generator.
#[derive(Debug)]
pub(crate) struct Rng(Cell<u64>);

impl Rng {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// A number from 0 up to 1.
    pub(crate) fn fraction(&self) -> f64 {
        f64::from(self.next()) / 4_294_967_296.0
    }

    /// A number from 0 up to `bound`.
    pub(crate) fn below(&self, bound: u32) -> u32 {
        self.next() % bound
    }

    fn next(&self) -> u32 {
        let state = self.0.get();
        let state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0.set(state);
        (state >> 32) as u32
    }
}
