//! Classifies responses of the Graph API by the documented codes. An unknown code never loses a
//! lead.

use crate::json::{Node, Type};
use crate::outbox::contract::FetchResponse;

/// The meaning of a response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It contains the requested data.
    Success,
    /// The platform failed, or there was no response.
    Unavailable,
    /// Too many requests.
    RateLimited,
    /// The token is rejected for every request.
    Denied(&'static str),
    /// The requested object does not exist, or the token may not read it.
    NotFound,
    /// Any other error.
    Rejected,
}

/// Classifies a response; also returns the platform's error code.
pub(super) fn classify(response: &FetchResponse) -> (Verdict, Option<u32>) {
    let Some(status) = response.status else {
        return (Verdict::Unavailable, None);
    };
    let body = response.body.as_deref().and_then(Node::parse);
    let object = body.filter(|node| node.kind() == Type::Object);
    let error = object.and_then(|node| node.member("error"));
    let code = error.and_then(|error| {
        let code = error.member("code")?;
        code.string().map_or_else(|| code.text().parse().ok(), |text| text.parse().ok())
    });
    let verdict = match (code, status) {
        (Some(4 | 17 | 32 | 341 | 613 | 80_000..=80_014), _) | (_, 429) => Verdict::RateLimited,
        (Some(1 | 2), _) | (_, 408 | 500..) => Verdict::Unavailable,
        (Some(190 | 102), _) | (None, 401) => Verdict::Denied("token_invalid"),
        (Some(10 | 200..=299), _) | (None, 403) => Verdict::Denied("permission_missing"),
        (Some(100), _) => Verdict::NotFound,
        (None, 200..=299) if object.is_some() && error.is_none() => Verdict::Success,
        _ => Verdict::Rejected,
    };
    (verdict, code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn verdict(status: u16, body: &str) -> Verdict {
        let body = Some(body.into());
        classify(&FetchResponse { status: Some(status), body, retry_after_ms: None }).0
    }

    #[test]
    fn every_documented_code_has_its_meaning() {
        for (codes, expected) in [
            (&[4, 17, 32, 341, 613, 80_005][..], Verdict::RateLimited),
            (&[1, 2], Verdict::Unavailable),
            (&[190, 102], Verdict::Denied("token_invalid")),
            (&[10, 200, 250, 299], Verdict::Denied("permission_missing")),
            (&[100], Verdict::NotFound),
            (&[3, 33, 2_500], Verdict::Rejected),
        ] {
            for code in codes {
                let error = format!(r#"{{"error":{{"message":"x","code":{code}}}}}"#);
                // Some errors have the status 200 or 403.
                for status in [200, 400, 403] {
                    assert_eq!(verdict(status, &error), expected, "{code} with {status}");
                }
            }
        }
    }

    #[test]
    fn without_a_code_the_status_counts() {
        assert_eq!(verdict(200, r#"{"id":"1","field_data":[]}"#), Verdict::Success);
        assert_eq!(verdict(200, "<html>"), Verdict::Rejected);
        assert_eq!(verdict(200, "[]"), Verdict::Rejected);
        assert_eq!(verdict(429, ""), Verdict::RateLimited);
        assert_eq!(verdict(503, "<html>"), Verdict::Unavailable);
        assert_eq!(verdict(401, ""), Verdict::Denied("token_invalid"));
        assert_eq!(verdict(302, ""), Verdict::Rejected);
        assert_eq!(verdict(404, "{}"), Verdict::Rejected);
        assert_eq!(classify(&FetchResponse::default()), (Verdict::Unavailable, None));
    }
}
