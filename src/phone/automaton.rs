//! Automata over digits, all in one table (`table.rs`) with shared ends.
//!
//! A node is a run of edges, and its index is that of the first. There are no cycles, and each
//! digit is read once. The edges are documented in `layout.rs`.

use super::table::EDGES;

/// The bit of a label that counts only where the digits end.
const AT_END: usize = 1 << 12;

/// The length of the longest prefix that an automaton labels, and its label.
pub(super) fn longest(start: u16, digits: &[u8]) -> Option<(usize, usize)> {
    let mut found = None;
    let mut node = usize::from(start);
    for taken in 0..=digits.len() {
        let digit = digits.get(taken);
        let mut next = None;
        let mut index = node;
        loop {
            let rest = usize::from(*EDGES.rest.get(index)?);
            let set = usize::from(*EDGES.digits.get(index)?) | (rest & 3) << 8;
            let to = usize::from(*EDGES.to.get(index)?) | rest >> 3 << 8;
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
            index += 1;
        }
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    found
}

/// Whether an automaton labels all of these digits, and not only a prefix.
pub(super) fn accepts(start: u16, digits: &[u8]) -> bool {
    longest(start, digits).is_some_and(|(taken, _)| taken == digits.len())
}
