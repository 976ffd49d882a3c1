//! The metadata's regular expressions, compiled to programs for a machine with several threads.

use anyhow::{Context as _, Result, bail};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Capture, Class, Hir, HirKind, Look, Repetition};

/// A step of a program; numbers refer to other steps.
pub(super) enum Step {
    /// Accepts a digit of a set, bit by bit.
    Digit(u16, usize),
    /// Continues with each of these, the first preferred.
    Split(Vec<usize>),
    /// The start and the end of the last group.
    Open(usize),
    Close(usize),
    /// Continues only at the text's end.
    End(usize),
    Accept,
}

/// A compiled regular expression.
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) start: usize,
    /// The number of capture groups; only the last has steps.
    pub(super) groups: usize,
}

impl Program {
    pub(super) fn compile(pattern: &str) -> Result<Self> {
        // Bytes, so that \d means the ten ASCII digits.
        let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern)?;
        let groups = parsed.properties().explicit_captures_len();
        let mut program = Self { steps: vec![Step::Accept], start: 0, groups };
        program.start = program.add(&parsed, 0).with_context(|| pattern.to_owned())?;
        Ok(program)
    }

    /// Adds the steps of an expression, to be followed by the step `next`.
    fn add(&mut self, expression: &Hir, next: usize) -> Result<usize> {
        let step = match expression.kind() {
            HirKind::Empty => return Ok(next),
            HirKind::Literal(literal) => {
                return literal.0.iter().rev().try_fold(next, |next, &byte| {
                    let digits = digits(byte, byte)?;
                    Ok(self.push(Step::Digit(digits, next)))
                });
            }
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.ranges().iter();
                let sets = ranges.map(|range| digits(range.start(), range.end()));
                Step::Digit(sets.sum::<Result<u16>>()?, next)
            }
            HirKind::Look(Look::End) => Step::End(next),
            HirKind::Repetition(Repetition { min, max: Some(max), greedy: true, sub }) => {
                let mut start = next;
                for _ in *min..*max {
                    let step = Step::Split(vec![self.add(sub, start)?, next]);
                    start = self.push(step);
                }
                return (0..*min).try_fold(start, |next, _| self.add(sub, next));
            }
            HirKind::Capture(Capture { index, sub, .. }) if *index as usize == self.groups => {
                let close = self.push(Step::Close(next));
                Step::Open(self.add(sub, close)?)
            }
            HirKind::Capture(Capture { sub, .. }) => return self.add(sub, next),
            HirKind::Concat(parts) => {
                return parts.iter().rev().try_fold(next, |next, part| self.add(part, next));
            }
            HirKind::Alternation(branches) => {
                Step::Split(branches.iter().map(|one| self.add(one, next)).collect::<Result<_>>()?)
            }
            kind => bail!("not supported: {kind:?}"),
        };
        Ok(self.push(step))
    }

    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }
}

/// The set of the digits from `first` to `last`, which are ASCII.
fn digits(first: u8, last: u8) -> Result<u16> {
    if !first.is_ascii_digit() || !last.is_ascii_digit() {
        bail!("not a digit: {first:#x} to {last:#x}");
    }
    Ok((first - b'0'..=last - b'0').fold(0, |set, digit| set | 1 << digit))
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn anything_but_digits_is_an_error() {
        for pattern in ["", "0", "0?", "[2-46]\\d{2,9}", "(1(?:[27]|0))$|0"] {
            assert!(Program::compile(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["\\w", "a", "0*", "0+", ".", "[^0]", "[5-]", "(0", "0)", "0{2,}", "^0"] {
            assert!(Program::compile(pattern).is_err(), "{pattern}");
        }
    }
}
