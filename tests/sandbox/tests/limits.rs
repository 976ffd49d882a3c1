//! Rate limits.

use serde_json::json;

use crate::support::{BEARER, Bench, KEY, ORGANIZATION, until};

#[test]
fn each_credential_has_its_own_sliding_window() {
    let limits = |minute: u32| json!({ "perMinute": 2, "perHour": 100, "minuteMs": minute });
    let bench = Bench::switched(json!({ "limits": limits(3_600_000) }));
    let status = |headers: &[_]| bench.raw("GET", "/leads", headers, None).status;
    assert_eq!([status(&[BEARER]), status(&[BEARER]), status(&[BEARER])], [200, 200, 429]);
    assert_eq!(status(&[KEY, ORGANIZATION]), 200);
    assert_eq!(status(&[]), 401, "who is not known is not counted");
    bench.switch(json!({ "limits": limits(1_000) }));
    for expected in [429, 200] {
        until(|| status(&[BEARER]) == expected);
    }
}

#[test]
fn a_429_has_the_configured_form_of_retry_after() {
    let limits = json!({ "perHour": 1, "hourMs": 3_600_000 });
    let bench = Bench::switched(json!({ "limits": limits }));
    assert_eq!(bench.send("GET", "/leads", None).status, 200);
    let retry_after = |form| {
        bench.switch(json!({ "retryAfter": form }));
        let reply = bench.send("GET", "/leads", None);
        assert_eq!(reply.status, 429);
        reply.header("retry-after").map(str::to_owned)
    };
    assert_eq!(retry_after(json!(null)), None);
    let seconds: u32 = retry_after(json!("seconds")).unwrap().parse().unwrap();
    // The time since the first request may be subtracted.
    assert!((3_500..=3_600).contains(&seconds), "{seconds}");
    let date = retry_after(json!("date")).unwrap();
    assert_eq!(date.len(), "Sun, 17 Aug 2025 14:13:14 GMT".len());
    assert!(date.ends_with(" GMT"));
}
