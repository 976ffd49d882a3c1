//! Writes strings and objects, and resolves escapes.

use alloc::borrow::Cow;
use alloc::string::String;

/// `text` as a JSON string, with its quotes.
#[must_use]
pub fn quote(text: &str) -> String {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
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

/// The text of an object with these members: names and values as JSON text.
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

/// The content of a string, given the text between its quotes.
pub(super) fn string(inner: &str, has_escapes: bool) -> Cow<'_, str> {
    if has_escapes { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) }
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
    rest.by_ref().take(4).fold(0, |code, digit| code << 4 | digit.to_digit(16).unwrap_or(0))
}
