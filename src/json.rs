//! Reading JSON text where it stands, without building values.
//!
//! What a caller sends reaches the core as the text that will go on the wire, so it is checked
//! and changed as text: the checks see exactly what is sent, and nothing is printed twice.

use crate::text::{cut, number};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// One JSON value, as its text without surrounding white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    text: &'a str,
}

/// The JSON type of a [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Type {
    /// What is said where a value of this type is wanted.
    #[must_use]
    pub const fn demand(self) -> &'static str {
        match self {
            Self::Null => "must be null",
            Self::Boolean => "must be a boolean",
            Self::Number => "must be a number",
            Self::String => "must be a string",
            Self::Array => "must be an array",
            Self::Object => "must be an object",
        }
    }
}

impl<'a> Node<'a> {
    /// The value that `text` is, or `None` where it is not one well-formed JSON value.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut scanner = Scanner { text, at: 0 };
        let node = scanner.value()?;
        scanner.space();
        (scanner.at == text.len()).then_some(node)
    }

    /// The value's text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.text
    }

    /// The value's type.
    #[must_use]
    pub fn kind(self) -> Type {
        match self.text.as_bytes().first() {
            Some(b'{') => Type::Object,
            Some(b'[') => Type::Array,
            Some(b'"') => Type::String,
            Some(b't' | b'f') => Type::Boolean,
            Some(b'n') | None => Type::Null,
            Some(_) => Type::Number,
        }
    }

    /// The members of an object, in order; none for any other value.
    #[must_use]
    pub fn members(self) -> Vec<Member<'a>> {
        let mut scanner = self.inside(Type::Object);
        let mut members = Vec::new();
        while let Some(name) = scanner.value() {
            scanner.skip(b':');
            let Some(value) = scanner.value() else { break };
            members.push(Member { name, value });
            scanner.skip(b',');
        }
        members
    }

    /// The items of an array, in order; none for any other value.
    #[must_use]
    pub fn items(self) -> Vec<Self> {
        let mut scanner = self.inside(Type::Array);
        let mut items = Vec::new();
        while let Some(item) = scanner.value() {
            items.push(item);
            scanner.skip(b',');
        }
        items
    }

    /// The last member of an object that has this name, as `JSON.parse` would take it.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Self> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.is(name))
            .map(|member| member.value)
    }

    /// What a string says, its escapes resolved; a lone surrogate becomes U+FFFD.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        if self.kind() != Type::String {
            return None;
        }
        let inner = self.text.get(1..self.text.len().checked_sub(1)?)?;
        Some(if inner.as_bytes().contains(&b'\\') {
            Cow::Owned(unescape(inner))
        } else {
            Cow::Borrowed(inner)
        })
    }

    /// Whether a number has no fraction: `4`, `4.0` and `1e+21` have none, `1e-7` has one.
    #[must_use]
    pub fn is_integer(self) -> bool {
        let halves = cut(self.text, b'e').or_else(|| cut(self.text, b'E'));
        let (mantissa, exponent) = halves.unwrap_or((self.text, "0"));
        // How far the point must move at least: back over zeros, or on past the last decimal.
        let mut least = 0;
        let mut decimals = None;
        let mut zero = true;
        for byte in mantissa.bytes() {
            match (byte, &mut decimals) {
                (b'-', _) => {}
                (b'.', _) => decimals = Some(0),
                (b'0', None) => least -= 1,
                (_, None) => least = 0,
                (digit, Some(decimals)) => {
                    *decimals += 1;
                    if digit != b'0' {
                        least = *decimals;
                    }
                }
            }
            zero &= matches!(byte, b'-' | b'.' | b'0');
        }
        let (back, digits) = match exponent.as_bytes().first() {
            Some(b'-') => (true, exponent.get(1..)),
            Some(b'+') => (false, exponent.get(1..)),
            _ => (false, Some(exponent)),
        };
        zero || match digits.and_then(number) {
            Some(shift) if back => -i64::from(shift) >= least,
            Some(shift) => i64::from(shift) >= least,
            // Beyond all bounds.
            None => !back,
        }
    }

    /// An object's text with this member set: in its place if it has one, else at its end. One that
    /// stands there twice is set twice, since some readers take the first and some the last.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> String {
        let quoted = quote(name);
        let mut members = Vec::new();
        let mut found = false;
        for member in self.members() {
            let ours = member.is(name);
            found |= ours;
            members.push((
                member.name.text(),
                if ours { value } else { member.value.text() },
            ));
        }
        if !found {
            members.push((&quoted, value));
        }
        object(&members)
    }

    fn inside(self, kind: Type) -> Scanner<'a> {
        let inner = (self.kind() == kind)
            .then(|| self.text.get(1..self.text.len().saturating_sub(1)))
            .flatten();
        Scanner {
            text: inner.unwrap_or(""),
            at: 0,
        }
    }
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The name, a string.
    pub name: Node<'a>,
    /// The value.
    pub value: Node<'a>,
}

impl Member<'_> {
    /// Whether the member has this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.string().is_some_and(|given| given == name)
    }
}

/// `text` as a JSON string, with its quotes.
#[must_use]
pub fn quote(text: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => {
                quoted.push_str("\\u00");
                let code = character as usize;
                quoted.push(HEX.get(code >> 4).copied().unwrap_or('0'));
                quoted.push(HEX.get(code & 15).copied().unwrap_or('0'));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// The text of an object with these members, each given as its own text.
#[must_use]
pub fn object(members: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in members {
        for part in [if text.is_empty() { "{" } else { "," }, name, ":", value] {
            text.push_str(part);
        }
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    text
}

fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('u') => {
                let high = code_unit(&mut rest);
                let pair = (0xd800..0xdc00).contains(&high).then(|| {
                    let mut ahead = rest.clone();
                    let escaped = ahead.next() == Some('\\') && ahead.next() == Some('u');
                    let low = code_unit(&mut ahead);
                    (escaped && (0xdc00..0xe000).contains(&low)).then(|| {
                        rest = ahead;
                        0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                    })
                });
                let code = pair.flatten().unwrap_or(high);
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(plain) => text.push(plain),
            None => {}
        }
    }
    text
}

fn code_unit(rest: &mut core::str::Chars<'_>) -> u32 {
    rest.by_ref()
        .take(4)
        .fold(0, |code, digit| code << 4 | digit.to_digit(16).unwrap_or(0))
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// One whole value. A list of open brackets stands in for recursion, so no depth of foreign
    /// text can exhaust the stack.
    fn value(&mut self) -> Option<Node<'a>> {
        self.space();
        let start = self.at;
        let mut open = Vec::new();
        loop {
            // At the start of a value.
            self.space();
            match self.peek()? {
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    if !self.skip(bracket + 2) {
                        open.push(bracket);
                        if bracket == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => self.string()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            // After a value: close what ends here, or go on to the next one.
            loop {
                let Some(&bracket) = open.last() else {
                    return Some(Node {
                        text: self.text.get(start..self.at)?,
                    });
                };
                if self.skip(b',') {
                    if bracket == b'{' {
                        self.name()?;
                    }
                    break;
                }
                // In ASCII both closing brackets stand two after their opening ones.
                if !self.skip(bracket + 2) {
                    return None;
                }
                open.pop();
            }
        }
    }

    fn name(&mut self) -> Option<()> {
        self.space();
        self.string()?;
        self.skip(b':').then_some(())
    }

    fn string(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'u' => {
                            let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            self.at += 5;
                        }
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                        _ => return None,
                    }
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self
            .text
            .as_bytes()
            .get(self.at..)?
            .starts_with(word.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_json_is_and_nothing_else() {
        for good in [
            "null",
            " [1, 2.5e-3 ,{}] ",
            r#"{"a":{"b":[true,false,""]}}"#,
            "-0",
            r#""\ud800""#,
        ] {
            assert!(Node::parse(good).is_some(), "{good}");
        }
        for bad in [
            "", "[1,]", "{\"a\"}", "01", "1.", "\"\n\"", "[1 2]", "nul", "{}x", "[", "+1", "{1:2}",
        ] {
            assert!(Node::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn no_depth_exhausts_the_stack() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(
            Node::parse(&deep).map(|node| node.kind()),
            Some(Type::Array)
        );
    }

    #[test]
    fn resolves_escapes() {
        let node = Node::parse(r#""a\"\\\/\n\u0041\ud83d\ude00\ud800""#).unwrap();
        assert_eq!(node.string().unwrap(), "a\"\\/\nA\u{1f600}\u{fffd}");
    }

    #[test]
    fn quotes_what_it_reads_back() {
        let text = "a\"b\\c\u{0}\u{1f}\u{1f600}";
        assert_eq!(Node::parse(&quote(text)).unwrap().string().unwrap(), text);
    }

    #[test]
    fn the_last_of_two_members_counts() {
        assert_eq!(
            Node::parse(r#"{"a":1,"a":2}"#)
                .unwrap()
                .member("a")
                .unwrap()
                .text(),
            "2"
        );
        assert_eq!(
            Node::parse(r#"{"\u0061":1}"#)
                .unwrap()
                .member("a")
                .unwrap()
                .text(),
            "1"
        );
    }

    #[test]
    fn sets_a_member_in_place_or_at_the_end() {
        let with = |text| Node::parse(text).unwrap().with("b", "2");
        assert_eq!(with("{}"), r#"{"b":2}"#);
        assert_eq!(with(r#"{"a":[1, 2]}"#), r#"{"a":[1, 2],"b":2}"#);
        assert_eq!(with(r#"{"b":1,"a":1}"#), r#"{"b":2,"a":1}"#);
    }

    #[test]
    fn tells_fractions_from_integers() {
        for whole in ["4", "-4", "4.0", "0e-5", "1e+21", "1.5e1", "100e-2", "0.0"] {
            assert!(Node::parse(whole).unwrap().is_integer(), "{whole}");
        }
        for fraction in ["4.5", "1e-7", "1.55e1", "10e-2", "1.0e-1"] {
            assert!(!Node::parse(fraction).unwrap().is_integer(), "{fraction}");
        }
    }
}
