//! The metadata as machines from which automata are built.

use super::automaton::{AT_END, Machine};
use super::metadata::{Numbers, Region};
use super::pattern::{Program, Step};
use anyhow::Result;

/// The states of a set of threads.
type Places = Vec<usize>;

/// Numbers of one kind.
struct Kind {
    program: Program,
    lengths: Vec<usize>,
}

impl Kind {
    fn new(numbers: &Numbers) -> Result<Self> {
        let program = Program::compile(&numbers.pattern)?;
        Ok(Self { program, lengths: numbers.lengths.clone() })
    }

    fn start(&self) -> Places {
        self.close([self.program.start])
    }

    fn step(&self, places: &Places, digit: usize) -> Places {
        self.close(places.iter().filter_map(|&place| match self.program.steps[place] {
            Step::Digit(set, next) if set & 1 << digit != 0 => Some(next),
            _ => None,
        }))
    }

    fn accepts(&self, places: &Places, length: usize) -> bool {
        (self.lengths.is_empty() || self.lengths.contains(&length))
            && places.iter().any(|&place| matches!(self.program.steps[place], Step::Accept))
    }

    fn close(&self, places: impl IntoIterator<Item = usize>) -> Places {
        let mut open: Vec<usize> = places.into_iter().collect();
        let mut closed = Vec::new();
        while let Some(place) = open.pop() {
            match &self.program.steps[place] {
                Step::Split(next) => open.extend(next),
                Step::Open(next) | Step::Close(next) | Step::End(next) => open.push(*next),
                Step::Digit(..) | Step::Accept => closed.push(place),
            }
        }
        closed.sort_unstable();
        closed.dedup();
        closed
    }
}

/// The label 0 for digits in the general form of a region's number. After 00, where a calling code
/// usually follows, only for valid numbers.
pub(super) struct Form {
    kind: Kind,
    valid: Valid,
}

impl Form {
    pub(super) fn new(region: &Region) -> Result<Self> {
        let mut kind = Kind::new(&region.general)?;
        // The library checks the length elsewhere.
        kind.lengths.clear();
        Ok(Self { kind, valid: Valid::new(region)? })
    }
}

impl Machine for Form {
    /// The state of the general form, and, while all digits are 0 or follow 00, of the valid
    /// numbers.
    type State = (Places, Option<<Valid as Machine>::State>);

    fn start(&self) -> Self::State {
        (self.kind.start(), Some(self.valid.start()))
    }

    fn step(&self, (places, valid): &Self::State, digit: usize) -> Option<Self::State> {
        let places = self.kind.step(places, digit);
        let valid = match valid {
            Some(state) if digit == 0 || state.0 >= 2 => Some(self.valid.step(state, digit)?),
            _ => None,
        };
        (!places.is_empty()).then_some((places, valid))
    }

    fn labels(&self, (places, valid): &Self::State) -> Vec<u16> {
        let accepts = match valid {
            Some(state) if state.0 >= 2 => self.valid.accepts(state),
            _ => self.kind.accepts(places, 0),
        };
        if accepts { vec![0] } else { Vec::new() }
    }
}

/// The label 0 for a region's valid numbers: of the general form, and of a kind.
pub(super) struct Valid(Vec<Kind>);

impl Valid {
    pub(super) fn new(region: &Region) -> Result<Self> {
        let kinds = std::iter::once(&region.general).chain(&region.types);
        Ok(Self(kinds.map(Kind::new).collect::<Result<_>>()?))
    }

    /// Everything with this prefix.
    pub(super) fn beginning(leading: &str) -> Result<Self> {
        let pattern = format!("(?:{leading})\\d{{0,15}}");
        let kind = || Kind::new(&Numbers { pattern: pattern.clone(), lengths: Vec::new() });
        Ok(Self(vec![kind()?, kind()?]))
    }

    pub(super) fn accepts(&self, state: &<Self as Machine>::State) -> bool {
        let (length, places) = state;
        let mut accepted = self.0.iter().zip(places).map(|(kind, at)| kind.accepts(at, *length));
        accepted.next() == Some(true) && accepted.any(|accepted| accepted)
    }
}

impl Machine for Valid {
    type State = (usize, Vec<Places>);

    fn start(&self) -> Self::State {
        (0, self.0.iter().map(Kind::start).collect())
    }

    fn step(&self, (length, places): &Self::State, digit: usize) -> Option<Self::State> {
        let places: Vec<_> =
            self.0.iter().zip(places).map(|(kind, at)| kind.step(at, digit)).collect();
        let dead = places[0].is_empty() || places[1..].iter().all(Vec::is_empty);
        (!dead).then_some((length + 1, places))
    }

    fn labels(&self, state: &Self::State) -> Vec<u16> {
        if self.accepts(state) { vec![0] } else { Vec::new() }
    }
}

/// A label for each way in which a prefix is removed.
pub(super) struct Prefix<'a, F> {
    pub(super) program: Program,
    /// Names the way in which the last group, of this length and ending this many digits ago, is
    /// kept.
    pub(super) label: &'a F,
}

/// A thread: its state, and how many digits ago the last group began and ended.
type Thread = (usize, Option<usize>, Option<usize>);

impl<F: Fn(Option<(usize, usize)>) -> u16> Prefix<'_, F> {
    /// The states that are reachable without a digit, the preferred first, up to the first that
    /// accepts.
    fn close(&self, threads: impl IntoIterator<Item = Thread>, at_end: bool) -> Vec<Thread> {
        let mut closed = Vec::new();
        for thread in threads {
            if self.follow(thread, at_end, &mut closed) {
                break;
            }
        }
        closed
    }

    fn follow(&self, thread: Thread, at_end: bool, closed: &mut Vec<Thread>) -> bool {
        let (place, begun, ended) = thread;
        match &self.program.steps[place] {
            Step::Split(next) => {
                next.iter().any(|&next| self.follow((next, begun, ended), at_end, closed))
            }
            Step::Open(next) => self.follow((*next, Some(0), ended), at_end, closed),
            Step::Close(next) => self.follow((*next, begun, Some(0)), at_end, closed),
            Step::End(next) => at_end && self.follow((*next, begun, ended), at_end, closed),
            Step::Digit(..) | Step::Accept => {
                if !closed.iter().any(|(known, ..)| *known == place) {
                    closed.push(thread);
                }
                matches!(self.program.steps[place], Step::Accept)
            }
        }
    }

    fn label(&self, threads: &[Thread]) -> Option<u16> {
        let (place, begun, ended) = threads.last()?;
        let group = begun.zip(*ended).map(|(begun, ended)| (begun - ended, ended));
        matches!(self.program.steps[*place], Step::Accept)
            .then(|| (self.label)(group.filter(|(length, _)| *length > 0)))
    }
}

impl<F: Fn(Option<(usize, usize)>) -> u16> Machine for Prefix<'_, F> {
    /// The threads before those that need no digit.
    type State = Vec<Thread>;

    fn start(&self) -> Self::State {
        vec![(self.program.start, None, None)]
    }

    fn step(&self, state: &Self::State, digit: usize) -> Option<Self::State> {
        let threads = self.close(state.iter().copied(), false).into_iter();
        let stepped = threads.filter_map(|(place, begun, ended)| match self.program.steps[place] {
            Step::Digit(set, next) if set & 1 << digit != 0 => {
                Some((next, begun.map(|ago| ago + 1), ended.map(|ago| ago + 1)))
            }
            _ => None,
        });
        Some(stepped.collect()).filter(|threads: &Vec<_>| !threads.is_empty())
    }

    fn labels(&self, state: &Self::State) -> Vec<u16> {
        let anywhere = self.label(&self.close(state.iter().copied(), false));
        let at_end = self.label(&self.close(state.iter().copied(), true));
        let at_end = at_end.filter(|_| at_end != anywhere).map(|label| label | AT_END);
        anywhere.into_iter().chain(at_end).collect()
    }
}
