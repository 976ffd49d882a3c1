//! The CRM's timestamps, as in `2025-08-17T14:13:14.963Z`.

use crate::text::format::is_date;
use crate::text::http_date::{DAYS_TO_1970, days_before};
use crate::text::number;

/// Whether a text is an RFC 3339 timestamp, which always has an offset.
pub(crate) fn is_timestamp(text: &str) -> bool {
    text.len() > 10 && is_date(text)
}

/// Milliseconds since 1970 of an RFC 3339 timestamp.
pub(crate) fn timestamp(text: &str) -> Option<f64> {
    let digits = |from: usize, to: usize| number(text.get(from..to)?).map(f64::from);
    if !is_timestamp(text) {
        return None;
    }
    let (year, month, day) = (number(text.get(..4)?)?, number(text.get(5..7)?)?, digits(8, 10)?);
    let (hours, minutes, seconds) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    let rest = text.get(19..)?.as_bytes();
    let fraction = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).take(3);
            digits
                .fold((0.0, 100.0), |(sum, unit), byte| {
                    (sum + unit * f64::from(byte & 15), unit / 10.0)
                })
                .0
        }
        _ => 0.0,
    };
    let offset = match rest {
        [.., sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let end = text.len();
            let minutes = digits(end - 5, end - 3)? * 60.0 + digits(end - 2, end)?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => 0.0,
    };
    let days = f64::from(days_before(year.max(1), month - 1)) + day - f64::from(DAYS_TO_1970 + 1);
    Some(
        ((days * 24.0 + hours) * 60.0 + minutes - offset) * 60_000.0 + seconds * 1_000.0 + fraction,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn a_timestamp_with_an_offset_is_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0.0),
            ("1970-01-01T00:00:00.001Z", 1.0),
            ("2025-08-17T14:13:14.963Z", 1_755_439_994_963.0),
            ("2025-08-17T14:13:14.963999Z", 1_755_439_994_963.0),
            ("2025-08-17T14:13:14.9Z", 1_755_439_994_900.0),
            ("2025-08-17T17:13:14.963+03:00", 1_755_439_994_963.0),
            ("2025-08-17T08:43:14-05:30", 1_755_439_994_000.0),
            ("2025-08-17 14:13:14Z", 1_755_439_994_000.0),
        ] {
            assert_eq!(timestamp(text), Some(expected), "{text}");
        }
        for other in ["", "2025-08-17", "2025-08-17T14:13:14", "1755439994963", "17/08/2025", "now"]
        {
            assert_eq!(timestamp(other), None, "{other}");
        }
    }

    #[test]
    fn every_day_is_read() {
        for day in 0..60_000_u64 {
            let http = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(day * 86_400));
            let parts: Vec<&str> = http.split(' ').collect();
            let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(parts[2]).unwrap() / 3 + 1;
            let text = format!("{}-{month:02}-{}T00:00:00Z", parts[3], parts[1]);
            assert_eq!(timestamp(&text), Some(day as f64 * 86_400_000.0), "{text}");
        }
    }
}
