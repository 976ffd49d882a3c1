//! Text functions that work byte by byte. The standard library has more general ones, which are larger
//! in the wasm (`cargo xtask size`).

pub(crate) mod format;
pub(crate) mod http_date;
pub(crate) mod timestamp;
use alloc::string::String;
use alloc::vec::Vec;

/// The text before and after the first occurrence of an ASCII byte.
pub(crate) fn split_once(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|found| found == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The parts of a text between occurrences of an ASCII byte.
pub(crate) fn split(text: &str, byte: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split_once(rest, byte) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Concatenates texts.
pub(crate) fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Whether a text is empty or consists only of white space, control characters, characters without a
/// glyph, and combining marks.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|char| {
        let code = u32::from(char);
        let is_in = |&(first, last): &(u16, u16)| code >= first.into() && code <= last.into();
        // The second range: tags and more variation selectors.
        BLANK.iter().any(is_in) || (0xe_0000..=0xe_0fff).contains(&code)
    })
}

/// Ranges of characters that are invisible by themselves.
const BLANK: [(u16, u16); 29] = [
    (0x00, 0x20),
    (0x7f, 0xa0),
    // The soft hyphen.
    (0xad, 0xad),
    // Combining marks.
    (0x300, 0x36f),
    (0x483, 0x489),
    (0x591, 0x5bd),
    (0x610, 0x61a),
    (0x61c, 0x61c),
    (0x64b, 0x65f),
    (0x670, 0x670),
    (0x6d6, 0x6dc),
    // Hangul fillers.
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    // Spaces and zero widths, line ends and directions, joiners and isolates.
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x20d0, 0x20f0),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    // Variation selectors.
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff9, 0xfffb),
];

/// A number as decimal digits.
pub(crate) fn decimal(number: u32) -> String {
    let mut digits = if number < 10 { String::new() } else { decimal(number / 10) };
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

/// The number that a text of decimal digits represents, if it fits.
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
    fn splits_at_the_byte() {
        assert_eq!(split_once("a{b{c", b'{'), Some(("a", "b{c")));
        assert_eq!(split_once("{", b'{'), Some(("", "")));
        assert_eq!(split_once("ä", b'{'), None);
        assert_eq!(split("/a//b", b'/'), ["", "a", "", "b"]);
        assert_eq!(split("", b'/'), [""]);
    }

    #[test]
    fn invisible_text_is_blank_in_any_script() {
        for text in [
            "",
            " \t\u{a0}\u{3000}\n",
            "\0\u{7f}",
            "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}",
            "\u{200e}\u{200f}\u{61c}\u{202a}\u{2066}",
            "\u{ad}",
            "\u{115f}\u{1160}\u{3164}\u{ffa0}",
            "\u{301}",
            "\u{64b}\u{651}\u{670}",
            "\u{2800}",
            "\u{fe0f}\u{e0101}\u{e0020}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [" x", "\u{200f}x", "\u{200d}\u{1f469}", "e\u{301}", "مُ", "김", "李", "-"]
        {
            assert!(!is_blank(text), "{text:?}");
        }
        // All white space is blank.
        let spaces = ('\0'..=char::MAX).filter(|char| char.is_whitespace());
        assert!(is_blank(&spaces.collect::<String>()));
    }

    #[test]
    fn numbers_round_trip() {
        for value in [0, 7, 10, 480, 4_294_967_295] {
            assert_eq!(decimal(value), value.to_string());
            assert_eq!(number(&value.to_string()), Some(value));
        }
        for bad in ["", "-1", "1.5", "4294967296", "x", " 1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
