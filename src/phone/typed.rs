//! Typed or pasted text, and its digits.

use super::digits::Digits;

/// The digits of a text.
pub(super) struct Typed {
    /// Whether a `+` comes before them.
    pub(super) plus: bool,
    pub(super) digits: Digits,
    /// The digit that is written in parentheses, as `(0)`.
    zero: Option<usize>,
}

impl Typed {
    /// Parses a text; `None` if it is not a number. Words may come before it, and an extension
    /// after it, which is ignored.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut typed = Self { plus: false, digits: Digits::NONE, zero: None };
        // Whether the previous character, ignoring spaces, is a `(`; and which digit is a 0 after
        // one.
        let (mut opened, mut zero) = (false, None);
        // The letters after the number, and how many digits follow them.
        let (mut word, mut extension) = (0, 0_usize);
        for letter in text.chars() {
            let count = typed.digits.as_slice().len();
            match digit(letter) {
                Some(_) if word != 0 => extension += 1,
                Some(digit) => {
                    zero = (opened && digit == 0).then_some(count);
                    opened = false;
                    typed.digits.push(digit);
                }
                None if is_separator(letter) || word != 0 && matches!(letter, ':' | '=') => {
                    match letter {
                        '(' | '（' => opened = true,
                        ')' | '）' => typed.zero = typed.zero.or(zero),
                        _ => {}
                    }
                }
                None if count == 0 => typed.plus = matches!(letter, '+' | '＋'),
                None if extension == 0 && letter.is_ascii() => {
                    word = word << 8 | lower(letter as u8)
                }
                None => return None,
            }
        }
        let is_extension = WORDS.contains(&word) && (1..=6).contains(&extension);
        // In right-to-left text a `+` may end up at the end.
        (word == 0 || is_extension || word == pack(b"+") && extension == 0).then_some(typed)
    }

    /// The digits without the `(0)`, if present.
    pub(super) fn without_zero(&self) -> Option<Digits> {
        let (before, rest) = self.digits.as_slice().split_at_checked(self.zero?)?;
        let mut digits = Digits::NONE;
        digits.extend(before);
        digits.extend(rest.get(1..)?);
        Some(digits)
    }
}

/// The words that may precede an extension; of longer words the last eight letters count.
const WORDS: [u64; 8] = [
    pack(b"x"),
    pack(b"ext"),
    pack(b";ext"),
    pack(b"extn"),
    pack(b"extension"),
    pack(b"#"),
    pack(b","),
    pack(b";"),
];

const fn pack(mut word: &[u8]) -> u64 {
    let mut packed = 0;
    while let [letter, rest @ ..] = word {
        packed = packed << 8 | lower(*letter);
        word = rest;
    }
    packed
}

/// An ASCII letter in lower case; other characters are unchanged.
const fn lower(letter: u8) -> u64 {
    letter as u64 | 0x20
}

/// The value of a digit: ASCII, fullwidth, Arabic, or Persian and Urdu.
fn digit(letter: char) -> Option<u8> {
    // All of them have it in their last four bits.
    let is_digit = matches!(letter, '0'..='9' | '٠'..='٩' | '۰'..='۹' | '０'..='９');
    is_digit.then_some((letter as u32 & 15) as u8)
}

/// Whether a character only separates digits, or is invisible.
fn is_separator(letter: char) -> bool {
    SEPARATORS.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

const SEPARATORS: [(char, char); 20] = [
    ('\t', '\r'),
    (' ', ' '),
    ('(', ')'),
    ('-', '/'),
    ('[', '['),
    (']', ']'),
    ('~', '~'),
    // A no-break space, a soft hyphen, and a middle dot.
    ('\u{a0}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{b7}', '\u{b7}'),
    // The Arabic letter mark; spaces, joiners, marks and dashes; invisible operators.
    ('\u{61c}', '\u{61c}'),
    ('\u{2000}', '\u{2015}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2212}', '\u{2212}'),
    ('\u{3000}', '\u{3000}'),
    ('ー', 'ー'),
    ('\u{feff}', '\u{feff}'),
    // Fullwidth.
    ('（', '）'),
    ('－', '／'),
];
