//! Telephone numbers: from what people type to what can be dialed from anywhere.
//!
//! The rules are libphonenumber's. Its numbering plans stand in `table.rs`, which `cargo xtask
//! build` writes: of eight countries the numbers that there are, of all others what they look like.

mod automaton;
mod digits;
mod region;
mod table;
mod typed;

use crate::text::decimal;
use alloc::string::String;
use digits::Digits;
use region::Region;
use typed::Typed;

/// What a text is, taken as a telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// As it is dialed from anywhere: `+201001234567`. None where `check` is [`Check::Raw`].
    pub e164: Option<String>,
    /// The country that the number is of, in two capital letters. None also where the calling
    /// code belongs to no country. Of those that share a code, the largest stands for what is
    /// not known to be another's.
    pub country: Option<&'static str>,
    /// What is known about it.
    pub check: Check,
}

/// What is known about a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Nothing but the text.
    Raw,
    /// It can be dialed: there is the calling code, and numbers of this length.
    Possible,
    /// The country's numbering plan has it. Known for Bahrain, Egypt, France, Kuwait, Oman, Qatar,
    /// Saudi Arabia and the United Arab Emirates.
    Strict,
}

/// Reads a telephone number as it is dialed in a country, of two letters, or from abroad: with
/// `+`, or with `00` or what the country has instead. Without a country, or with an unknown one,
/// only from abroad.
///
/// Digits may be ASCII, fullwidth, Arabic, or Persian and Urdu, with spaces, dashes, dots, slashes,
/// parentheses and invisible marks between them, and `(0)` for a 0 that is not dialed from
/// abroad. Words may stand before them, as may `tel:`, and an extension after them; it is passed
/// over.
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
        // Italy, for one, has a 0 in parentheses dialed from abroad, too.
        number.filter(Number::has_form).or(Number::read(&typed, &digits, home.as_ref()))
    });
    number.map_or(Phone { e164: None, country: None, check: Check::Raw }, |number| number.phone())
}

/// How well a number matches its region's numbering plan: its length is possible, its form is possible, or
/// the region has it.
#[derive(Clone, Copy, PartialEq)]
enum Match {
    Length,
    Form,
    Valid,
}

/// A number's region, and the number within it.
#[derive(Clone, Copy)]
struct Number {
    place: usize,
    code: u16,
    national: Digits,
    matched: Match,
}

impl Number {
    /// A number dialed at home, or abroad. Some write `00` wherever they are.
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

    /// A number dialed from anywhere, without the `+`.
    fn abroad(digits: &[u8]) -> Option<Self> {
        let (main, digits) = region::abroad(digits)?;
        Self::of(main, region::at(main)?.national(digits))
    }

    /// A number dialed within a region, perhaps with its calling code.
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
        // What begins with 00 is a national number in few places, and then it looks like one.
        Self::of(main, home.national(digits))
            .filter(|number| number.has_form() || !digits.starts_with(&[0, 0]))
    }

    /// A number of the regions that share the code of this main one, if it may be so long.
    fn of(main: usize, national: Digits) -> Option<Self> {
        let digits = national.as_slice();
        let place = main + region::at(main)?.owner(digits);
        let region = region::at(place)?;
        let matched = if region.is_valid(digits) {
            Match::Valid
        } else if region.is_like(digits) {
            Match::Form
        } else {
            Match::Length
        };
        let number = Self { place, code: region.code, national, matched };
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
        Phone { e164: Some(e164), country: region::name(self.place), check }
    }
}
