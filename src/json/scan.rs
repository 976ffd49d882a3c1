//! Reads JSON text from its start to its end, once.

use super::quote::string;
use super::{Node, Type};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// A position in a text.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Whether only white space is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.space();
        self.at == self.text.len()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips white space and then this byte, if it follows.
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// The type of the next value.
    pub(crate) fn peek_type(&mut self) -> Option<Type> {
        self.space();
        self.peek().map(Type::of)
    }

    /// Steps into the object or array that begins here. Returns whether it has members or items; without any, it is
    /// also left.
    pub(crate) fn enter(&mut self) -> bool {
        let bracket = self.peek().unwrap_or(0);
        self.at += 1;
        !self.skip(closing(bracket))
    }

    /// After a member or item: steps to the next one, or leaves the object or array that began with this bracket.
    /// Returns whether there is a next one.
    pub(crate) fn next(&mut self, bracket: u8) -> Option<bool> {
        let has_next = self.skip(b',');
        (has_next || self.skip(closing(bracket))).then_some(has_next)
    }

    /// The name of a member, up to its value.
    pub(crate) fn name(&mut self) -> Option<Cow<'a, str>> {
        self.space();
        let start = self.at + 1;
        let has_escapes = self.string()?;
        let name = self.text.get(start..self.at - 1)?;
        self.skip(b':').then(|| string(name, has_escapes))
    }

    /// One whole value. It keeps a list of open brackets instead of recursing, so deeply nested input
    /// cannot exhaust the stack.
    pub(crate) fn value(&mut self) -> Option<Node<'a>> {
        self.space();
        let start = self.at;
        let mut open = Vec::new();
        loop {
            // At the start of a value.
            self.space();
            match self.peek()? {
                bracket @ (b'{' | b'[') => {
                    if self.enter() {
                        open.push(bracket);
                        if bracket == b'{' {
                            self.member()?;
                        }
                        continue;
                    }
                }
                b'"' => {
                    self.string()?;
                }
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            // After a value: close the brackets that end here, or go on to the next value.
            loop {
                let Some(&bracket) = open.last() else {
                    return Some(Node { text: self.text.get(start..self.at)? });
                };
                if self.next(bracket)? {
                    if bracket == b'{' {
                        self.member()?;
                    }
                    break;
                }
                open.pop();
            }
        }
    }

    /// Skips the name of a member, up to its value.
    fn member(&mut self) -> Option<()> {
        self.space();
        self.string()?;
        self.skip(b':').then_some(())
    }

    /// Skips a string. Returns whether it has escapes.
    fn string(&mut self) -> Option<bool> {
        let (end, has_escapes) = end_of_string(self.text.as_bytes(), self.at)?;
        self.at = end;
        Some(has_escapes)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        found.then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek()? == b'-');
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

/// The closing bracket: in ASCII both are two code points after the opening ones.
const fn closing(bracket: u8) -> u8 {
    bracket.wrapping_add(2)
}

/// The position after the string that begins at `start`, and whether it has escapes. Most of a body is strings, so this loop keeps its position in a
/// local: with that in a struct, half of a create's time was spent here.
fn end_of_string(text: &[u8], start: usize) -> Option<(usize, bool)> {
    if *text.get(start)? != b'"' {
        return None;
    }
    let mut at = start + 1;
    let mut has_escapes = false;
    loop {
        match *text.get(at)? {
            b'"' => return Some((at + 1, has_escapes)),
            b'\\' => {
                has_escapes = true;
                match *text.get(at + 1)? {
                    b'u' => {
                        if !text.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        at += 6;
                    }
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                    _ => return None,
                }
            }
            0..=0x1f => return None,
            _ => at += 1,
        }
    }
}
