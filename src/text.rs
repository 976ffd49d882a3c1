//! A few things with text, byte by byte. The library has them all, for any pattern and alphabet,
//! and in the wasm that generality is what costs: see `cargo xtask size`.

use alloc::string::String;
use alloc::vec::Vec;

/// The text before and after the first of these bytes, which must be ASCII.
pub(crate) fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|found| found == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The parts of a text between these bytes.
pub(crate) fn parts(text: &str, byte: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = cut(rest, byte) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// One text after another.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Whether a text is empty or white space alone.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A number in decimal digits.
pub(crate) fn decimal(number: u32) -> String {
    let mut digits = if number < 10 { String::new() } else { decimal(number / 10) };
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

/// The number that a text of decimal digits is, if it is one and not too great.
pub(crate) fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().try_fold(0_u32, |number, digit| {
        let digit = digit.is_ascii_digit().then_some(u32::from(digit & 15))?;
        number.checked_mul(10)?.checked_add(digit)
    });
    digits.filter(|_| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_the_first() {
        assert_eq!(cut("a{b{c", b'{'), Some(("a", "b{c")));
        assert_eq!(cut("{", b'{'), Some(("", "")));
        assert_eq!(cut("ä", b'{'), None);
        assert_eq!(parts("/a//b", b'/'), ["", "a", "", "b"]);
        assert_eq!(parts("", b'/'), [""]);
    }

    #[test]
    fn blank_is_blank_in_any_script() {
        assert!(
            is_blank("")
                && is_blank(" \t\u{a0}\u{3000}\n")
                && !is_blank(" x")
                && !is_blank("\u{200f}x")
        );
    }

    #[test]
    fn numbers_there_and_back() {
        for value in [0, 7, 10, 480, 4_294_967_295] {
            assert_eq!(decimal(value), value.to_string());
            assert_eq!(number(&value.to_string()), Some(value));
        }
        for bad in ["", "-1", "1.5", "4294967296", "x", " 1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
