//! Paths: arguments are encoded so that they cannot change the path's structure.

use crate::request::validate::{Issue, IssueCode};
use crate::text::{is_blank, join, split_once};
use alloc::string::String;
use alloc::vec::Vec;

/// The names of a path's placeholders, in order.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    core::iter::from_fn(move || {
        let (_, name, after) = placeholder(rest)?;
        rest = after;
        Some(name)
    })
}

/// Replaces a path's placeholders with the arguments in order, each percent-encoded by itself. `prefix`
/// and an argument's name are its path in an issue.
pub(crate) fn fill(
    path: &str,
    argument: &dyn Fn(usize) -> Option<String>,
    prefix: &str,
    issues: &mut Vec<Issue>,
) -> String {
    let mut filled = String::new();
    let mut rest = path;
    let mut index = 0;
    while let Some((before, name, after)) = placeholder(rest) {
        filled.push_str(before);
        match argument(index) {
            Some(value) if !is_blank(&value) && value != "." && value != ".." => {
                encode(&value, &mut filled);
            }
            _ => issues.push(Issue::error(
                &join(&[prefix, name]),
                IssueCode::Format,
                "must be a string, not blank or dots",
            )),
        }
        rest = after;
        index += 1;
    }
    filled.push_str(rest);
    filled
}

/// The text before a path's first placeholder, its name, and the text after it.
fn placeholder(path: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = split_once(path, b'{')?;
    let (name, after) = split_once(rest, b'}')?;
    Some((before, name, after))
}

/// Percent-encodes everything except the unreserved characters of RFC 3986.
pub(crate) fn encode(text: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for digit in [byte >> 4, byte & 15] {
                into.push(HEX.get(usize::from(digit)).map_or('0', |&hex| char::from(hex)));
            }
        }
    }
}

/// Whether the path of a custom request stays below the base URL: one slash at its start, no empty
/// segment, no dot segment, no character that a URL parser treats specially, and no `%` whose digits a
/// parameter could complete. Encoded dots, slashes and backslashes count as such, because some
/// servers decode a path before they resolve it.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let mut rest = path.as_bytes();
    let starts = matches!(rest, [b'/', _, ..]);
    let mut dots = 0;
    loop {
        let (byte, length) = match rest {
            [b'/', b'/', ..]
            | [b'%', b'{', ..]
            | [b'%', _, b'{', ..]
            | [0..=b' ' | b'\\' | b'?' | b'#' | 0x7f, ..] => return false,
            [b'%', b'2', b'e' | b'E', ..] => (b'.', 3),
            [b'%', b'2', b'f' | b'F', ..] | [b'%', b'5', b'c' | b'C', ..] => (b'/', 3),
            [byte, ..] => (*byte, 1),
            [] => return starts && !matches!(dots, 1 | 2),
        };
        dots = match byte {
            b'/' if matches!(dots, 1 | 2) => return false,
            b'/' => 0,
            b'.' => dots + 1,
            // The segment is not a dot segment.
            _ => 3,
        };
        rest = rest.get(length..).unwrap_or(&[]);
    }
}
