//! The metadata's regular expressions, as programs for a machine with several threads.

use anyhow::{Context as _, Result, bail};

/// A step of a program; numbers are those of other steps.
pub(super) enum Step {
    /// Takes a digit of a set, bit by bit.
    Digit(u16, usize),
    /// Goes on with each of these, the first preferred.
    Split(Vec<usize>),
    /// The last group begins, and ends.
    Open(usize),
    Close(usize),
    /// Goes on at the text's end alone.
    End(usize),
    Accept,
}

/// A regular expression made ready.
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) start: usize,
    /// How many groups capture; the last alone is looked at.
    pub(super) groups: usize,
}

impl Program {
    pub(super) fn compile(pattern: &str) -> Result<Self> {
        let groups = pattern.matches('(').count() - pattern.matches("(?:").count();
        let mut parser = Parser { rest: pattern, group: 0 };
        let tree = parser.alternatives().with_context(|| pattern.to_owned())?;
        if !parser.rest.is_empty() {
            bail!("{pattern}: cannot read {}", parser.rest);
        }
        let mut program = Self { steps: vec![Step::Accept], start: 0, groups };
        program.start = program.add(&tree, 0);
        Ok(program)
    }

    /// Adds what a tree means, to be followed by the step `next`.
    fn add(&mut self, tree: &Tree, next: usize) -> usize {
        let step = match tree {
            Tree::Digit(set) => Step::Digit(*set, next),
            Tree::End => Step::End(next),
            Tree::Either(trees) => {
                Step::Split(trees.iter().map(|tree| self.add(tree, next)).collect())
            }
            Tree::Sequence(trees) => {
                return trees.iter().rev().fold(next, |next, tree| self.add(tree, next));
            }
            Tree::Repeat(tree, least, most) => {
                let mut start = next;
                for _ in *least..*most {
                    let step = Step::Split(vec![self.add(tree, start), next]);
                    start = self.push(step);
                }
                return (0..*least).fold(start, |next, _| self.add(tree, next));
            }
            Tree::Group(number, tree) if *number == self.groups => {
                let close = self.push(Step::Close(next));
                Step::Open(self.add(tree, close))
            }
            Tree::Group(_, tree) => return self.add(tree, next),
        };
        self.push(step)
    }

    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }
}

enum Tree {
    Digit(u16),
    End,
    Either(Vec<Tree>),
    Sequence(Vec<Tree>),
    Repeat(Box<Tree>, usize, usize),
    Group(usize, Box<Tree>),
}

struct Parser<'a> {
    rest: &'a str,
    group: usize,
}

impl Parser<'_> {
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, end: char) -> Result<&str> {
        let (text, rest) = self.rest.split_once(end).with_context(|| format!("no {end}"))?;
        self.rest = rest;
        Ok(text)
    }

    fn alternatives(&mut self) -> Result<Tree> {
        let mut trees = vec![self.sequence()?];
        while self.eat("|") {
            trees.push(self.sequence()?);
        }
        Ok(Tree::Either(trees))
    }

    fn sequence(&mut self) -> Result<Tree> {
        let mut trees = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let tree = self.atom()?;
            trees.push(self.repeated(tree)?);
        }
        Ok(Tree::Sequence(trees))
    }

    fn repeated(&mut self, tree: Tree) -> Result<Tree> {
        if self.eat("?") {
            return Ok(Tree::Repeat(Box::new(tree), 0, 1));
        }
        if !self.eat("{") {
            return Ok(tree);
        }
        let range = self.until('}')?;
        let (least, most) = range.split_once(',').unwrap_or((range, range));
        Ok(Tree::Repeat(Box::new(tree), least.parse()?, most.parse()?))
    }

    fn atom(&mut self) -> Result<Tree> {
        let plain = self.eat("(?:");
        if plain || self.eat("(") {
            let captures = !plain;
            self.group += usize::from(captures);
            let group = self.group;
            let tree = self.alternatives()?;
            if !self.eat(")") {
                bail!("no )");
            }
            return Ok(if captures { Tree::Group(group, Box::new(tree)) } else { tree });
        }
        if self.eat("\\d") {
            return Ok(Tree::Digit(0x3ff));
        }
        if self.eat("$") {
            return Ok(Tree::End);
        }
        if self.eat("[") {
            return set(self.until(']')?);
        }
        let digit = self.rest.chars().next().context("nothing")?;
        self.eat(digit.encode_utf8(&mut [0; 4]));
        Ok(Tree::Digit(1 << digit.to_digit(10).context("no digit")?))
    }
}

/// What stands in brackets: digits and ranges of them.
fn set(text: &str) -> Result<Tree> {
    let digits: Vec<_> = text.chars().map(|letter| letter.to_digit(10)).collect();
    let mut set = 0;
    for (at, digit) in digits.iter().enumerate() {
        match digit {
            Some(digit) => set |= 1 << digit,
            None => {
                let ends = (text[at..].starts_with('-') && at > 0)
                    .then(|| digits[at - 1].zip(*digits.get(at + 1)?))
                    .flatten();
                let (first, last) = ends.with_context(|| format!("[{text}]"))?;
                set |= (first..=last).fold(0, |set, digit| set | 1 << digit);
            }
        }
    }
    Ok(Tree::Digit(set))
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn what_is_not_known_is_an_error() {
        for pattern in ["", "0", "0?", "[2-46]\\d{2,9}", "(1(?:[27]|0))$|0"] {
            assert!(Program::compile(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["\\w", "a", "0*", "0+", ".", "[^0]", "[5-]", "(0", "0)", "0{2,}", "^0"] {
            assert!(Program::compile(pattern).is_err(), "{pattern}");
        }
    }
}
