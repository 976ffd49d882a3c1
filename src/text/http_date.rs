//! HTTP dates as in RFC 9110, for Rust callers. The npm package parses them in its facade; both are
//! tested with the same examples (`tests/fixtures/http-dates.json`).

use crate::text::format::is_like;
use crate::text::join;
use alloc::string::String;

/// Milliseconds since 1970 of an HTTP date: an IMF-fixdate, or one of the two obsolete formats that
/// recipients must accept. Case matters, and the weekday must match the date.
///
/// A two-digit year is one of 1970 to 2069: the rule of RFC 9110 depends on the current year.
#[must_use]
pub(crate) fn http_date(text: &str) -> Option<f64> {
    let part = |at: usize, length: usize| text.get(at..at + length).unwrap_or_default();
    let has_form = |at, form: &[u8]| is_like(text.get(at..).unwrap_or_default().as_bytes(), form);
    let rfc850 = text.len().saturating_sub(27);
    // The positions of the day, the month, the year and the time.
    let (century, [day, month, year, time]) = if has_form(3, b" xxx _0 00:00:00 0000") {
        (part(20, 2), [8, 4, 22, 11])
    } else if has_form(rfc850, b"day, 00-xxx-00 00:00:00 GMT") {
        let century = if part(rfc850 + 12, 1) < "7" { "20" } else { "19" };
        (century, [5, 8, 12, 15].map(|at| rfc850 + at))
    } else {
        return fixdate(text);
    };
    let tens = if part(day, 1) == " " { "0" } else { part(day, 1) };
    let (month, year, time) = (part(month, 3), part(year, 2), part(time, 8));
    let parts = [part(0, 3), ", ", tens, part(day + 1, 1), " ", month, " ", century, year];
    let text: String = join(&parts);
    fixdate(&join(&[&text, " ", time, " GMT"]))
}

/// Milliseconds since 1970 of an IMF-fixdate.
fn fixdate(text: &str) -> Option<f64> {
    const DAYS: &[u8] = b"ThuFriSatSunMonTueWed";
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let name = |names: &[u8], at: usize| {
        let name = text.as_bytes().get(at..at + 3);
        names.chunks(3).position(|known| Some(known) == name).map(|index| index as u32)
    };
    let number = |at: usize, length| crate::text::number(text.get(at..at + length)?);
    if !is_like(text.as_bytes(), b"xxx, 00 xxx 0000 00:50:50 GMT") {
        return None;
    }
    let (month, year, day) = (name(MONTHS, 8)?, number(12, 4)?, number(5, 2)?);
    let (hour, minute, second) = (number(17, 2)?, number(20, 2)?, number(23, 2)?);
    let days = days_before(year.max(1), month) + day;
    // JavaScript formats earlier years differently.
    let exists = year > 99
        && day > 0
        && days <= days_before(year, month + 1)
        && hour < 24
        && name(DAYS, 0) == Some((days - 1 + 7 - DAYS_TO_1970 % 7) % 7);
    let seconds = f64::from((hour * 60 + minute) * 60 + second);
    exists
        .then(|| (f64::from(days - 1) - f64::from(DAYS_TO_1970)) * 86_400_000.0 + seconds * 1_000.0)
}

/// The wait that a `retry-after` header requests, in milliseconds: seconds as digits, or a date, which
/// is measured against the `date` header of the same response. Anything else is ignored, also a date
/// without that header: the local clock may differ from the server's.
#[must_use]
pub(crate) fn retry_after(header: &str, date: Option<f64>) -> Option<f64> {
    let header = header.trim_ascii();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return header.parse().ok().map(|seconds: f64| seconds * 1_000.0);
    }
    Some((http_date(header)? - date?).max(0.0))
}

/// The days that [`days_before`] counts before 1970.
pub(crate) const DAYS_TO_1970: u32 = 719_468;

/// How many days precede a month of a year from 1; 0 is January, 12 the next January.
pub(crate) const fn days_before(year: u32, month: u32) -> u32 {
    // Counted in years that begin in March, so that they end with the leap day.
    let months = year * 12 + month - 2;
    let (year, month) = (months / 12, months % 12);
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples() {
        let text = include_str!("../../tests/fixtures/http-dates.json");
        let examples: Vec<(String, Option<f64>)> = serde_json::from_str(text).unwrap();
        for (text, expected) in examples {
            assert_eq!(http_date(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn retry_after_takes_seconds_and_dates() {
        let date = http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        for (header, expected) in [
            ("0", Some(0.0)),
            ("1", Some(1_000.0)),
            (" 120 ", Some(120_000.0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30_000.0)),
            (" Sunday, 06-Nov-94 08:50:07 GMT ", Some(30_000.0)),
            ("Sun Nov  6 08:50:07 1994", Some(30_000.0)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0.0)),
            ("", None),
            ("  ", None),
            ("-1", None),
            ("1.5", None),
            ("+5", None),
            ("5 s", None),
            ("5, 6", None),
            ("\u{661}", None),
            ("soon 5", None),
            ("soon: never", None),
            ("1994-11-06T08:50:07Z", None),
            ("Sun, 6 Nov 1994 08:50:07 GMT", None),
        ] {
            assert_eq!(retry_after(header, date), expected, "{header:?}");
        }
        assert!(retry_after(&"9".repeat(400), date).is_some_and(|wait| wait > 1e300));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        assert_eq!(retry_after("5", None), Some(5_000.0));
    }

    #[test]
    fn every_day_of_four_centuries_is_read() {
        use std::time::{Duration, UNIX_EPOCH};
        for day in 0..146_097_u64 {
            let seconds = day * 86_400 + day % 86_400;
            let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(http_date(&text), Some(seconds as f64 * 1_000.0), "{text}");
        }
    }
}
