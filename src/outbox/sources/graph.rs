//! Classifies responses of the Graph API by the documented codes. An unknown code never loses a
//! lead.

use crate::json::{Node, Type};
use crate::outbox::contract::FetchResponse;

/// The class of a response: what the outbox does with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ResponseClass {
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
pub(super) fn classify(response: &FetchResponse) -> (ResponseClass, Option<u32>) {
    let Some(status) = response.status else {
        return (ResponseClass::Unavailable, None);
    };
    let body = response.body.as_deref().and_then(Node::parse);
    let object = body.filter(|node| node.kind() == Type::Object);
    let error = object.and_then(|node| node.member("error"));
    let code = error.and_then(|error| {
        let code = error.member("code")?;
        code.string().map_or_else(|| code.text().parse().ok(), |text| text.parse().ok())
    });
    let class = match (code, status) {
        (Some(4 | 17 | 32 | 341 | 613 | 80_000..=80_014), _) | (_, 429) => {
            ResponseClass::RateLimited
        }
        (Some(1 | 2), _) | (_, 408 | 500..) => ResponseClass::Unavailable,
        (Some(190 | 102), _) | (None, 401) => ResponseClass::Denied("token_invalid"),
        (Some(10 | 200..=299), _) | (None, 403) => ResponseClass::Denied("permission_missing"),
        (Some(100), _) => ResponseClass::NotFound,
        (None, 200..=299) if object.is_some() && error.is_none() => ResponseClass::Success,
        _ => ResponseClass::Rejected,
    };
    (class, code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn class(status: u16, body: &str) -> ResponseClass {
        let body = Some(body.into());
        classify(&FetchResponse { status: Some(status), body, retry_after_ms: None }).0
    }

    #[test]
    fn every_documented_code_has_its_meaning() {
        for (codes, expected) in [
            (&[4, 17, 32, 341, 613, 80_005][..], ResponseClass::RateLimited),
            (&[1, 2], ResponseClass::Unavailable),
            (&[190, 102], ResponseClass::Denied("token_invalid")),
            (&[10, 200, 250, 299], ResponseClass::Denied("permission_missing")),
            (&[100], ResponseClass::NotFound),
            (&[3, 33, 2_500], ResponseClass::Rejected),
        ] {
            for code in codes {
                let error = format!(r#"{{"error":{{"message":"x","code":{code}}}}}"#);
                // Some errors have the status 200 or 403.
                for status in [200, 400, 403] {
                    assert_eq!(class(status, &error), expected, "{code} with {status}");
                }
            }
        }
    }

    #[test]
    fn without_a_code_the_status_counts() {
        assert_eq!(class(200, r#"{"id":"1","field_data":[]}"#), ResponseClass::Success);
        assert_eq!(class(200, "<html>"), ResponseClass::Rejected);
        assert_eq!(class(200, "[]"), ResponseClass::Rejected);
        assert_eq!(class(429, ""), ResponseClass::RateLimited);
        assert_eq!(class(503, "<html>"), ResponseClass::Unavailable);
        assert_eq!(class(401, ""), ResponseClass::Denied("token_invalid"));
        assert_eq!(class(302, ""), ResponseClass::Rejected);
        assert_eq!(class(404, "{}"), ResponseClass::Rejected);
        assert_eq!(classify(&FetchResponse::default()), (ResponseClass::Unavailable, None));
    }
}
