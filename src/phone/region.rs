//! The regions of the world and how numbers are dialed within them.

use super::automaton::{accepts, longest};
use super::digits::Digits;
use super::table::{EDITS, NAMES, REGIONS};

/// The rules of a region.
pub(super) struct Region {
    pub(super) code: u16,
    lengths: u16,
    before: u16,
    form: u16,
    valid: u16,
    national: u16,
    international: u16,
    owner: u16,
}

/// The index of the region with this name, two letters in any case.
pub(super) fn named(name: &str) -> Option<usize> {
    NAMES.as_bytes().chunks(2).position(|known| known.eq_ignore_ascii_case(name.as_bytes()))
}

/// The name of the region with this index; one without a country has none.
pub(super) fn name(index: usize) -> Option<&'static str> {
    NAMES.get(2 * index..2 * index + 2)
}

/// The region with this index.
pub(super) fn at(index: usize) -> Option<Region> {
    let cell = |column: &[u16]| column.get(index).copied();
    let sum = |column: &[u16]| {
        column
            .get(..=index)
            .map(|steps| steps.iter().fold(0, |sum: u16, step| sum.wrapping_add(*step)))
    };
    Some(Region {
        code: sum(&REGIONS.code)?,
        lengths: cell(&REGIONS.lengths)?,
        before: cell(&REGIONS.before)?,
        form: sum(&REGIONS.form)?,
        valid: cell(&REGIONS.valid)?,
        national: cell(&REGIONS.national)?,
        international: cell(&REGIONS.international)?,
        owner: cell(&REGIONS.owner)?,
    })
}

/// The index of the main region of the calling code that these digits begin with, and the digits
/// after the code.
pub(super) fn abroad(digits: &[u8]) -> Option<(usize, &[u8])> {
    let mut code = 0;
    // No calling code is the prefix of another.
    for taken in 0..3 {
        code = code * 10 + u16::from(*digits.get(taken)?);
        // No calling code begins with 0.
        if code == 0 {
            return None;
        }
        if let Some(index) = main(code) {
            return Some((index, digits.get(taken + 1..)?));
        }
    }
    None
}

/// The index of a calling code's main region.
pub(super) fn main(code: u16) -> Option<usize> {
    let mut known: u16 = 0;
    REGIONS.code.iter().position(|step| {
        known = known.wrapping_add(*step);
        known == code
    })
}

impl Region {
    /// Whether a national number may have this many digits.
    pub(super) fn has_length(&self, length: usize) -> bool {
        (4..20).contains(&length) && self.lengths >> (length - 4) & 1 == 1
    }

    /// Whether a national number is longer than any of the region.
    pub(super) fn is_too_long(&self, length: usize) -> bool {
        length >= 20 || length >= 4 && self.lengths >> (length - 4) == 0
    }

    /// Whether a national number has the form of the region's numbers.
    pub(super) fn is_like(&self, national: &[u8]) -> bool {
        accepts(self.form, national)
    }

    /// Whether a national number is known to be valid in the region.
    pub(super) fn is_valid(&self, national: &[u8]) -> bool {
        accepts(self.valid, national)
    }

    /// The index of a national number's region, counted from this one, its code's main region.
    pub(super) fn owner(&self, national: &[u8]) -> usize {
        longest(self.owner, national).map_or(0, |(_, owner)| owner)
    }

    /// The digits after the prefix that is dialed here before a calling code.
    pub(super) fn after_international_prefix<'a>(&self, digits: &'a [u8]) -> Option<&'a [u8]> {
        let (taken, _) = longest(self.international, digits)?;
        let rest = digits.get(taken..)?;
        (taken > 0 && rest.first() != Some(&0)).then_some(rest)
    }

    /// A number without the prefix before national numbers, as far as it can be recognized.
    pub(super) fn without_national_prefix(&self, digits: &[u8]) -> Digits {
        match self.edited(digits) {
            Some(edited) if self.is_like(edited.as_slice()) || !self.is_like(digits) => edited,
            _ => Digits::of(digits),
        }
    }

    fn edited(&self, digits: &[u8]) -> Option<Digits> {
        let (taken, label) = longest(self.national, digits)?;
        let (kept, behind) = EDITS.get(label)?;
        let end = taken.checked_sub(usize::from(*behind))?;
        let kept = digits.get(end.checked_sub(usize::from(*kept))?..end)?;
        let mut edited = Digits::NONE;
        if !kept.is_empty() {
            for shift in [12, 8, 4, 0] {
                let digit = (self.before >> shift & 15) as u8;
                if digit < 10 {
                    edited.push(digit);
                }
            }
        }
        edited.extend(kept);
        edited.extend(digits.get(taken..)?);
        Some(edited)
    }

    /// The national number of digits that are dialed here.
    pub(super) fn national(&self, digits: &[u8]) -> Digits {
        let national = self.without_national_prefix(digits);
        let length = national.as_slice().len();
        if self.has_length(length) || self.is_too_long(length) {
            national
        } else {
            Digits::of(digits)
        }
    }
}
