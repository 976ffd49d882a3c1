//! The formats of telephone numbers, e-mail addresses and dates. An unusual format is a warning only:
//! no lead is rejected for it.

use crate::text::{split, split_once};

/// `+`, then 7 to 15 digits, the first of which is not zero.
pub(crate) fn is_phone(text: &str) -> bool {
    let [b'+', b'1'..=b'9', digits @ ..] = text.as_bytes() else {
        return false;
    };
    (6..=14).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

/// A local part, an `@`, and a domain of at least two labels; no white space.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = split_once(text, b'@') else {
        return false;
    };
    let labels = split(domain, b'.');
    !local.is_empty()
        && labels.len() > 1
        && !labels.contains(&"")
        && !text.bytes().any(|byte| byte <= b' ')
        && split_once(domain, b'@').is_none()
}

/// `YYYY-MM-DD`, alone or followed by an RFC 3339 time.
pub(crate) fn is_date(text: &str) -> bool {
    let Some((date, rest)) = text.as_bytes().split_at_checked(10) else {
        return false;
    };
    let within = |text: &[u8], at: usize, min: &[u8; 2], max: &[u8; 2]| {
        text.get(at..at + 2).is_some_and(|digits| &min[..] <= digits && digits <= &max[..])
    };
    if !is_like(date, b"0000-00-00")
        || !within(date, 5, b"01", b"12")
        || !within(date, 8, b"01", b"31")
    {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let Some((time, rest)) = rest.split_at_checked(9) else {
        return false;
    };
    let zone = match rest {
        [b'.', b'0'..=b'9', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest.get(digits..).unwrap_or(&[])
        }
        _ => rest,
    };
    let [b'T' | b't' | b' ', time @ ..] = time else {
        return false;
    };
    is_like(time, b"00:50:60")
        && within(time, 0, b"00", b"23")
        && (matches!(zone, b"Z" | b"z") || is_like(zone, b"+00:50") || is_like(zone, b"-00:50"))
}

/// Whether a text matches a pattern: `0` matches any digit, `1` to `9` a digit up to this one, `_` a
/// digit or a space, `x` anything, every other byte itself.
pub(crate) fn is_like(text: &[u8], pattern: &[u8]) -> bool {
    text.len() == pattern.len()
        && text.iter().zip(pattern).all(|(&byte, &expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            b'1'..=b'9' => (b'0'..=expected).contains(&byte),
            b'_' => byte == b' ' || byte.is_ascii_digit(),
            b'x' => true,
            _ => byte == expected,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for good in ["2023-04-19", "2025-08-17T14:13:14.963Z", "2025-08-17T17:13:14+03:00"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2023-4-19",
            "2023-13-01",
            "2023-04-19T10:00Z",
            "2023-04-19T10:00:00",
            "x",
            "2023-04-19Z",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
        assert!(is_email("a.b+c@example.co.uk") && is_email("é@exämple.com"));
        assert!(
            !is_email("a@b") && !is_email("a b@c.de") && !is_email("@c.de") && !is_email("a@b..c")
        );
        assert!(is_phone("+201001234567"));
        assert!(!is_phone("00201001234567") && !is_phone("+0201001234") && !is_phone("+20 100"));
    }
}
