//! Telephone numbers: from text that people type to E.164.
//!
//! The rules are libphonenumber's. Its numbering plans are in `table.rs`, which `cargo xtask build`
//! writes: for eight countries all valid numbers, for the others their possible forms.

mod automaton;
mod digits;
mod layout;
mod region;
mod table;
mod typed;

use crate::text::decimal;
use alloc::string::String;
use digits::Digits;
use region::Region;
use typed::Typed;

/// The result of parsing a text as a telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// In E.164: `+201001234567`. `None` if `check` is [`Check::Raw`].
    pub e164: Option<String>,
    /// The country of the number, in two capital letters. `None` also if the calling code belongs
    /// to no country. Of countries that share a code, the largest is used unless the number is
    /// known to be another's.
    pub country: Option<&'static str>,
    /// How certain the number is.
    pub check: Check,
}

/// How certain a telephone number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Only the text is known.
    Raw,
    /// It can be dialed: the calling code exists, and numbers of this length.
    Possible,
    /// It is valid in the country's numbering plan, which is known for Bahrain, Egypt, France,
    /// Kuwait, Oman, Qatar, Saudi Arabia and the United Arab Emirates.
    Strict,
}

/// Parses a telephone number as it is dialed in a country, of two letters, or internationally: with
/// `+`, or with `00` or the country's own prefix. Without a country, or with an unknown one, only
/// internationally.
///
/// Digits may be ASCII, fullwidth, Arabic, or Persian and Urdu, with spaces, dashes, dots, slashes,
/// parentheses and invisible marks between them, and `(0)` for a 0 that is not dialed from abroad.
/// Words or `tel:` may come before them, and an extension after them, which is ignored.
///
/// ```
/// use icloud_ready::phone::{Check, parse};
///
/// let phone = parse("٠١٠٠ ١٢٣ ٤٥٦٧", Some("EG"));
/// assert_eq!(phone.e164.as_deref(), Some("+201001234567"));
/// assert_eq!((phone.country, phone.check), (Some("EG"), Check::Strict));
/// ```
pub fn parse(text: &str, country: Option<&str>) -> Phone {
    let number = Typed::read(text).and_then(|typed| {
        let home = country.and_then(region::named).and_then(region::at);
        let number = Number::read(&typed, &typed.digits, home.as_ref());
        let Some(digits) = typed.without_zero() else {
            return number;
        };
        // In Italy, for example, a 0 in parentheses is dialed from abroad, too.
        number.filter(Number::has_form).or(Number::read(&typed, &digits, home.as_ref()))
    });
    number.map_or(Phone { e164: None, country: None, check: Check::Raw }, |number| number.phone())
}

/// How well a number matches its region's numbering plan: its length is possible, its form is
/// possible, or it is valid.
#[derive(Clone, Copy, PartialEq)]
enum Match {
    Length,
    Form,
    Valid,
}

/// A number's region, and the number within it.
#[derive(Clone, Copy)]
struct Number {
    index: usize,
    code: u16,
    national: Digits,
    matched: Match,
}

impl Number {
    /// A number dialed nationally, or internationally. Some people write `00` in any country.
    fn read(typed: &Typed, digits: &Digits, home: Option<&Region>) -> Option<Self> {
        let digits = digits.as_slice();
        let number = if typed.plus {
            Self::abroad(digits)
        } else {
            home.and_then(|home| match home.after_international_prefix(digits) {
                Some(digits) => Self::abroad(digits),
                None => Self::domestic(home, digits),
            })
        };
        let doubled = digits.strip_prefix(&[0, 0]).and_then(Self::abroad);
        number.filter(Self::has_form).or(doubled).or(number)
    }

    /// An international number, without the `+`.
    fn abroad(digits: &[u8]) -> Option<Self> {
        let (main, digits) = region::abroad(digits)?;
        Self::of(main, region::at(main)?.national(digits))
    }

    /// A number dialed within a region, possibly with its calling code.
    fn domestic(home: &Region, digits: &[u8]) -> Option<Self> {
        let main = region::main(home.code)?;
        if let Some((of, rest)) = region::abroad(digits)
            && of == main
        {
            let rest = home.without_national_prefix(rest);
            let fits = !home.is_like(digits) && home.is_like(rest.as_slice());
            if fits || home.is_too_long(digits.len()) {
                return Self::of(main, region::at(main)?.national(rest.as_slice()));
            }
        }
        let number = Self::of(main, home.national(digits));
        // A number of the main region that shares the code, as Britain's 0800 1111 dialed in Jersey.
        let shared = || Self::of(main, region::at(main)?.national(digits)).filter(Self::has_form);
        // In few regions a number that begins with 00 is national, and then it has the form of one.
        number
            .filter(Self::has_form)
            .or_else(shared)
            .or(number.filter(|_| !digits.starts_with(&[0, 0])))
    }

    /// A number of the regions that share the code of this main one, if its length is possible.
    fn of(main: usize, national: Digits) -> Option<Self> {
        let digits = national.as_slice();
        let index = main + region::at(main)?.owner(digits);
        let region = region::at(index)?;
        let matched = if region.is_valid(digits) {
            Match::Valid
        } else if region.is_like(digits) {
            Match::Form
        } else {
            Match::Length
        };
        let number = Self { index, code: region.code, national, matched };
        region.has_length(digits.len()).then_some(number)
    }

    fn has_form(&self) -> bool {
        self.matched != Match::Length
    }

    fn phone(&self) -> Phone {
        let mut e164 = String::from("+");
        e164.push_str(&decimal(self.code.into()));
        for digit in self.national.as_slice() {
            e164.push(char::from(b'0' | digit));
        }
        let check = if self.matched == Match::Valid { Check::Strict } else { Check::Possible };
        Phone { e164: Some(e164), country: region::name(self.index), check }
    }
}
