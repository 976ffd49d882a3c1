//! Reads JSON text in place, without building values.
//!
//! The caller's input reaches the core as the text that is sent, and is validated and changed as text:
//! validation sees exactly what is sent, and nothing is serialized twice.

pub(crate) mod envelope;
mod quote;
mod scan;
pub mod value;

pub use quote::{object, quote};

use crate::text::{number, split_once};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
pub(crate) use scan::Scanner;

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
    /// The type of a value that begins with this byte.
    const fn of(first: u8) -> Self {
        match first {
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'"' => Self::String,
            b't' | b'f' => Self::Boolean,
            b'n' => Self::Null,
            _ => Self::Number,
        }
    }

    /// The message of an issue if a value of this type is expected.
    #[must_use]
    pub const fn expectation(self) -> &'static str {
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
    /// Parses a text; `None` if it is not one well-formed JSON value.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut scanner = Scanner::new(text);
        let node = scanner.value()?;
        scanner.is_at_end().then_some(node)
    }

    /// The value's text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.text
    }

    /// The value's type.
    #[must_use]
    pub fn kind(self) -> Type {
        self.text.as_bytes().first().map_or(Type::Null, |&byte| Type::of(byte))
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

    /// The last member of an object that has this name, as `JSON.parse` chooses it.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Self> {
        last(&self.members(), name)
    }

    /// The content of a string, with its escapes resolved; a lone surrogate becomes U+FFFD.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        if self.kind() != Type::String {
            return None;
        }
        let inner = self.text.get(1..self.text.len().checked_sub(1)?)?;
        Some(quote::string(inner, inner.as_bytes().contains(&b'\\')))
    }

    /// Whether a number has no fraction: `4`, `4.0` and `1e+21` have none, `1e-7` has one.
    #[must_use]
    pub fn is_integer(self) -> bool {
        let halves = split_once(self.text, b'e').or_else(|| split_once(self.text, b'E'));
        let (mantissa, exponent) = halves.unwrap_or((self.text, "0"));
        // How far the exponent must move the decimal point at least: to the left over trailing zeros, or
        // to the right past the last nonzero decimal.
        let mut min_shift = 0;
        let mut decimals = None;
        let mut is_zero = true;
        for byte in mantissa.bytes() {
            match (byte, &mut decimals) {
                (b'-', _) => {}
                (b'.', _) => decimals = Some(0),
                (b'0', None) => min_shift -= 1,
                (_, None) => min_shift = 0,
                (digit, Some(decimals)) => {
                    *decimals += 1;
                    if digit != b'0' {
                        min_shift = *decimals;
                    }
                }
            }
            is_zero &= matches!(byte, b'-' | b'.' | b'0');
        }
        let (is_negative, digits) = match exponent.as_bytes().first() {
            Some(b'-') => (true, exponent.get(1..)),
            Some(b'+') => (false, exponent.get(1..)),
            _ => (false, Some(exponent)),
        };
        is_zero
            || match digits.and_then(number) {
                Some(shift) if is_negative => -i64::from(shift) >= min_shift,
                Some(shift) => i64::from(shift) >= min_shift,
                // An exponent that does not fit.
                None => !is_negative,
            }
    }

    /// An object's text with a member set: in place if it exists, otherwise at the end. A duplicate
    /// member is set twice, because some parsers use the first and some the last.
    #[must_use]
    pub fn with_member(self, name: &str, value: &str) -> String {
        let quoted = quote(name);
        let mut members = Vec::new();
        let mut found = false;
        for member in self.members() {
            let is_same = member.is(name);
            found |= is_same;
            members.push((member.name.text(), if is_same { value } else { member.value.text() }));
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
        Scanner::new(inner.unwrap_or(""))
    }
}

/// The last of these members that has this name.
pub(crate) fn last<'a>(members: &[Member<'a>], name: &str) -> Option<Node<'a>> {
    members.iter().rev().find(|member| member.is(name)).map(|member| member.value)
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
        self.name.string().is_some_and(|own| own == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_well_formed_json() {
        for good in
            ["null", " [1, 2.5e-3 ,{}] ", r#"{"a":{"b":[true,false,""]}}"#, "-0", r#""\ud800""#]
        {
            assert!(Node::parse(good).is_some(), "{good}");
        }
        for bad in
            ["", "[1,]", "{\"a\"}", "01", "1.", "\"\n\"", "[1 2]", "nul", "{}x", "[", "+1", "{1:2}"]
        {
            assert!(Node::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn no_depth_exhausts_the_stack() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(Node::parse(&deep).map(|node| node.kind()), Some(Type::Array));
    }

    #[test]
    fn resolves_escapes() {
        let node = Node::parse(r#""a\"\\\/\n\u0041\ud83d\ude00\ud800""#).unwrap();
        assert_eq!(node.string().unwrap(), "a\"\\/\nA\u{1f600}\u{fffd}");
    }

    #[test]
    fn quoting_round_trips() {
        let text = "a\"b\\c\u{0}\u{1f}\u{1f600}";
        assert_eq!(Node::parse(&quote(text)).unwrap().string().unwrap(), text);
    }

    #[test]
    fn the_last_of_two_members_is_used() {
        assert_eq!(Node::parse(r#"{"a":1,"a":2}"#).unwrap().member("a").unwrap().text(), "2");
        assert_eq!(Node::parse(r#"{"\u0061":1}"#).unwrap().member("a").unwrap().text(), "1");
    }

    #[test]
    fn sets_a_member_in_place_or_at_the_end() {
        let with = |text| Node::parse(text).unwrap().with_member("b", "2");
        assert_eq!(with("{}"), r#"{"b":2}"#);
        assert_eq!(with(r#"{"a":[1, 2]}"#), r#"{"a":[1, 2],"b":2}"#);
        assert_eq!(with(r#"{"b":1,"a":1}"#), r#"{"b":2,"a":1}"#);
    }

    #[test]
    fn distinguishes_fractions_from_integers() {
        for whole in ["4", "-4", "4.0", "0e-5", "1e+21", "1.5e1", "100e-2", "0.0"] {
            assert!(Node::parse(whole).unwrap().is_integer(), "{whole}");
        }
        for fraction in ["4.5", "1e-7", "1.55e1", "10e-2", "1.0e-1"] {
            assert!(!Node::parse(fraction).unwrap().is_integer(), "{fraction}");
        }
    }
}
