//! Automata over digits, all in one table (`table.rs`) and with their ends in common.
//!
//! A node is a run of edges, and its place is that of the first. No path leads back, and each digit
//! is looked at once.

use super::table::EDGES;

/// The edges, a byte of each in each list: so they compress best.
#[derive(Debug)]
pub(super) struct Edges<const COUNT: usize> {
    /// So many edges are of nodes that many edges lead to: those are told by their place, all
    /// others by how far they are back, added to this.
    pub(super) common: usize,
    /// Bit by bit, the digits 0 to 7 that the edge is for. One for no digit is no edge but a label.
    pub(super) digits: [u8; COUNT],
    /// The low bits of where it leads, or of the label.
    pub(super) to: [u8; COUNT],
    /// The digits 8 and 9, whether the edge is its node's last, and the high bits of `to`.
    pub(super) rest: [u8; COUNT],
}

/// The bit of a label that counts where the digits end.
const AT_END: usize = 1 << 12;

/// How many digits the longest beginning has that an automaton labels, and its label.
pub(super) fn longest(start: u16, digits: &[u8]) -> Option<(usize, usize)> {
    let mut found = None;
    let mut node = usize::from(start);
    for taken in 0..=digits.len() {
        let digit = digits.get(taken);
        let mut next = None;
        let mut place = node;
        loop {
            let rest = usize::from(*EDGES.rest.get(place)?);
            let set = usize::from(*EDGES.digits.get(place)?) | (rest & 3) << 8;
            let to = usize::from(*EDGES.to.get(place)?) | rest >> 3 << 8;
            if set == 0 {
                if to & AT_END == 0 || digit.is_none() {
                    found = Some((taken, to & !AT_END));
                }
            } else if digit.is_some_and(|digit| set >> digit & 1 == 1) {
                next = if to < EDGES.common {
                    Some(to)
                } else {
                    (node + EDGES.common).checked_sub(to)
                };
            }
            if rest & 4 != 0 {
                break;
            }
            place += 1;
        }
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    found
}

/// Whether an automaton labels all of these digits, and not only their beginning.
pub(super) fn accepts(start: u16, digits: &[u8]) -> bool {
    longest(start, digits).is_some_and(|(taken, _)| taken == digits.len())
}
