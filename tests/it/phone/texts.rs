//! Properties of any text.

use crate::support::property::property;
use icloud_ready::phone::{Check, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const COUNTRIES: [&str; 12] =
    ["AE", "AG", "AR", "BR", "EG", "FR", "GB", "IT", "JP", "QA", "US", "ZZ"];

/// Texts that resemble numbers.
fn number() -> impl Strategy<Value = String> {
    let start = select(vec!["", "+", "00", "0", "+20", "+33", "0020", "011", "+1", "+54", "+999"]);
    let pieces = [
        "0", "1", "15", "5", "9", "100", "٢", "۷", "８", "(0)", " ", "-", "\u{200f}", "x", "+",
        "00",
    ];
    (start, vec(select(pieces.to_vec()), 0..16))
        .prop_map(|(start, rest)| start.to_owned() + &rest.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => number(), 1 => any::<String>()]
}

#[test]
fn a_text_is_raw_or_has_a_well_formed_e164_number() {
    property((text(), select(COUNTRIES.to_vec())), |(text, country)| {
        let phone = parse(&text, Some(country));
        match &phone.e164 {
            None => assert_eq!((phone.check, phone.country), (Check::Raw, None)),
            Some(e164) => {
                let digits = e164.strip_prefix('+').unwrap();
                assert!(digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()));
                assert!(!digits.starts_with('0') && phone.check > Check::Raw);
            }
        }
        if phone.check == Check::Strict {
            assert_eq!(parse(&phone.e164.clone().unwrap(), None), phone);
        }
    });
}

#[test]
fn scripts_and_marks_make_no_difference() {
    let zero = select(vec!['0', '٠', '۰', '０']);
    let mark = select(vec![
        "", " ", "\u{a0}", "-", ".", "/", "\u{200e}", "\u{202b}", "\u{2067}", "\u{feff}", "\u{ad}",
    ]);
    let parts = (number(), zero, mark, select(COUNTRIES.to_vec()));
    property(parts, |(text, zero, mark, country)| {
        let decorated: String = text
            .chars()
            .map(|letter| match letter.to_digit(10) {
                Some(digit) => char::from_u32(u32::from(zero) + digit).unwrap().to_string() + mark,
                None => letter.to_string(),
            })
            .collect();
        assert_eq!(parse(&decorated, Some(country)), parse(&text, Some(country)), "{decorated}");
    });
}

#[test]
fn text_of_any_length_is_parsed() {
    for piece in ["0", "1", "00", "(0)", "x", "+", "\u{200f}", "😀", "٠"] {
        let text = piece.repeat(100_000);
        for text in [text.clone(), format!("+20{text}"), format!("+20 100 123 45{text}67")] {
            let invisible = piece == "\u{200f}" && text.ends_with('7');
            assert_eq!(parse(&text, Some("EG")).e164.is_some(), invisible, "{piece}");
        }
    }
}
