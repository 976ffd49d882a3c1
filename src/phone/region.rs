//! The regions of the world and how numbers are dialed within them.

use super::automaton::{accepts, longest};
use super::digits::Digits;
use super::table::{EDITS, NAMES, REGIONS};

/// The regions' rules, a list for each: so they compress best. Those of one calling code stand
/// together, the main one first.
#[derive(Debug)]
pub(super) struct Regions<const COUNT: usize> {
    /// What the region's numbers begin with abroad: how much more it is than the one before.
    pub(super) code: [u16; COUNT],
    /// Bit by bit from 4 on, how long a national number may be.
    pub(super) lengths: [u16; COUNT],
    /// What is written before the digits of a prefix that are kept: four digits, `f` for none.
    pub(super) before: [u16; COUNT],
    // The first nodes of automata, the very first for one that knows nothing.
    /// What a national number looks like: how much farther it is than the one before.
    pub(super) form: [u16; COUNT],
    /// Which national numbers are valid, where that is known.
    pub(super) valid: [u16; COUNT],
    /// What is dialed before national numbers; the label is a place in [`EDITS`], which says which
    /// of its digits are kept: how many, and how many follow them.
    pub(super) national: [u16; COUNT],
    /// What is dialed before a calling code.
    pub(super) international: [u16; COUNT],
    /// Which of a code's regions a national number is of, with the main one: the label says how
    /// many places after it.
    pub(super) owner: [u16; COUNT],
}

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

/// The place of the region with this name, two letters of either case.
pub(super) fn named(name: &str) -> Option<usize> {
    NAMES.as_bytes().chunks(2).position(|known| known.eq_ignore_ascii_case(name.as_bytes()))
}

/// The name of the region at this place; one without a country has none.
pub(super) fn name(place: usize) -> Option<&'static str> {
    NAMES.get(2 * place..2 * place + 2)
}

/// The region at this place.
pub(super) fn at(place: usize) -> Option<Region> {
    let cell = |column: &[u16]| column.get(place).copied();
    let sum = |column: &[u16]| {
        column
            .get(..=place)
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

/// The place of the main region of the calling code that these digits begin with, and what follows
/// the code.
pub(super) fn abroad(digits: &[u8]) -> Option<(usize, &[u8])> {
    let mut code = 0;
    // None is the beginning of another.
    for taken in 0..3 {
        code = code * 10 + u16::from(*digits.get(taken)?);
        // None begins with 0.
        if code == 0 {
            return None;
        }
        if let Some(place) = main(code) {
            return Some((place, digits.get(taken + 1..)?));
        }
    }
    None
}

/// The place of a calling code's main region.
pub(super) fn main(code: u16) -> Option<usize> {
    let mut known: u16 = 0;
    REGIONS.code.iter().position(|step| {
        known = known.wrapping_add(*step);
        known == code
    })
}

impl Region {
    /// Whether a national number may have so many digits.
    pub(super) fn has_length(&self, length: usize) -> bool {
        (4..20).contains(&length) && self.lengths >> (length - 4) & 1 == 1
    }

    /// Whether a national number is longer than any of the region.
    pub(super) fn is_too_long(&self, length: usize) -> bool {
        length >= 20 || length >= 4 && self.lengths >> (length - 4) == 0
    }

    /// Whether a national number looks like one of the region.
    pub(super) fn is_like(&self, national: &[u8]) -> bool {
        accepts(self.form, national)
    }

    /// Whether a national number is one that the region is known to have.
    pub(super) fn is_valid(&self, national: &[u8]) -> bool {
        accepts(self.valid, national)
    }

    /// How many places after this region, its code's main one, the region of a national number is.
    pub(super) fn owner(&self, national: &[u8]) -> usize {
        longest(self.owner, national).map_or(0, |(_, owner)| owner)
    }

    /// What follows the prefix that is dialed here before a calling code.
    pub(super) fn after_international_prefix<'a>(&self, digits: &'a [u8]) -> Option<&'a [u8]> {
        let (taken, _) = longest(self.international, digits)?;
        let rest = digits.get(taken..)?;
        (taken > 0 && rest.first() != Some(&0)).then_some(rest)
    }

    /// A number without what is dialed before national numbers, as far as it can be recognized.
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

    /// The national number that digits dialed here are.
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
