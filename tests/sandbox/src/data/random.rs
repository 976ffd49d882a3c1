//! Seeded random numbers (SplitMix64): the same seed produces the same ids and faults.

use std::sync::atomic::{AtomicU64, Ordering};

const INCREMENT: u64 = 0x9e37_79b9_7f4a_7c15;
/// Without vowels: a search for a word such as `null` never finds a uid.
const UID_LETTERS: &[u8; 31] = b"BCDFGHJKLMNPQRSTVWXYZ0123456789";

#[derive(Debug)]
pub(crate) struct Random {
    state: AtomicU64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    /// Restarts the sequence of `seed`.
    pub(crate) fn restart(&self, seed: u64) {
        self.state.store(seed, Ordering::Relaxed);
    }

    pub(crate) fn next(&self) -> u64 {
        let mut value = self.state.fetch_add(INCREMENT, Ordering::Relaxed).wrapping_add(INCREMENT);
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&self, bound: usize) -> usize {
        (self.next() % (bound.max(1) as u64)) as usize
    }

    /// Whether an event of this probability occurs.
    pub(crate) fn happens(&self, probability: f64) -> bool {
        // The upper 53 bits: as many as a double holds exactly.
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        unit < probability
    }

    /// 24 hex digits, the first eight of them the time in seconds, as in MongoDB.
    pub(crate) fn id(&self, now: u64) -> String {
        let seconds = (now / 1000) as u32;
        let low = self.next() as u32;
        format!("{seconds:08x}{:08x}{low:08x}", self.next() as u32)
    }

    /// 12 upper-case consonants and digits.
    pub(crate) fn uid(&self) -> String {
        (0..12).map(|_| char::from(UID_LETTERS[self.below(UID_LETTERS.len())])).collect()
    }

    /// 32 hex digits, for tokens and request ids.
    pub(crate) fn hex(&self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}
