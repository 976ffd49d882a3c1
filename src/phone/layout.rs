//! The layout of the generated table.

/// The edges, with one list per byte, which compresses best.
#[derive(Debug)]
pub(super) struct Edges<const COUNT: usize> {
    /// The number of edges of common nodes: those are addressed by index, all others by distance
    /// backwards, added to this.
    pub(super) common: usize,
    /// The digits 0 to 7 of the edge, as bits. An edge without digits is a label.
    pub(super) digits: [u8; COUNT],
    /// The low bits of its target, or of the label.
    pub(super) to: [u8; COUNT],
    /// The digits 8 and 9, whether the edge is its node's last, and the high bits of `to`.
    pub(super) rest: [u8; COUNT],
}

/// The regions' rules, one list per member, which compresses best. Those of one calling code are
/// adjacent, the main one first.
#[derive(Debug)]
pub(super) struct Regions<const COUNT: usize> {
    /// The region's calling code: the difference to the previous one.
    pub(super) code: [u16; COUNT],
    /// The possible lengths of a national number, as bits from 4 on.
    pub(super) lengths: [u16; COUNT],
    /// The text before the digits of a prefix that are kept: four digits, `f` for none.
    pub(super) before: [u16; COUNT],
    // The first nodes of automata; index 0 is an automaton that accepts nothing.
    /// The form of a national number: the difference to the previous index.
    pub(super) form: [u16; COUNT],
    /// The valid national numbers, where they are known.
    pub(super) valid: [u16; COUNT],
    /// The prefix before national numbers; the label is an index into `EDITS`, which says which
    /// of its digits are kept: how many, and how many follow them.
    pub(super) national: [u16; COUNT],
    /// The prefix before a calling code.
    pub(super) international: [u16; COUNT],
    /// Which of a code's regions a national number belongs to, for the main one: the label is the
    /// index after it.
    pub(super) owner: [u16; COUNT],
}
