//! The digits of a number, copied without an allocator.

/// Digits as numbers from 0 to 9.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    bytes: [u8; Digits::MOST],
    count: usize,
}

impl Digits {
    /// No number has more digits, with every prefix.
    const MOST: usize = 40;

    pub(super) const NONE: Self = Self { bytes: [0; Self::MOST], count: 0 };

    pub(super) fn of(digits: &[u8]) -> Self {
        let mut copy = Self::NONE;
        copy.extend(digits);
        copy
    }

    /// Appends a digit; beyond the maximum it is dropped.
    pub(super) fn push(&mut self, digit: u8) {
        if let Some(byte) = self.bytes.get_mut(self.count) {
            *byte = digit;
            self.count += 1;
        }
    }

    pub(super) fn extend(&mut self, digits: &[u8]) {
        for digit in digits {
            self.push(*digit);
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.count).unwrap_or_default()
    }
}
