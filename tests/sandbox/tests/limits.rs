//! Rate limits.

use std::time::Duration;

use serde_json::json;

use crate::support::{BEARER, Bench, KEY, ORGANIZATION};

#[test]
fn a_window_slides_for_each_credential() {
    let limits = json!({ "perMinute": 2, "perHour": 100, "minuteMs": 900 });
    let bench = Bench::switched(json!({ "limits": limits }));
    let status = |headers: &[_]| bench.raw("GET", "/leads", headers, None).status;
    assert_eq!([status(&[BEARER]), status(&[BEARER]), status(&[BEARER])], [200, 200, 429]);
    assert_eq!(status(&[KEY, ORGANIZATION]), 200);
    assert_eq!(status(&[]), 401, "who is not known is not counted");
    std::thread::sleep(Duration::from_millis(920));
    assert_eq!(status(&[BEARER]), 200);
}

#[test]
fn a_429_says_how_long_in_the_form_it_is_told() {
    let limits = json!({ "perHour": 1, "hourMs": 5000 });
    let bench = Bench::switched(json!({ "limits": limits }));
    assert_eq!(bench.send("GET", "/leads", None).status, 200);
    let retry_after = |form| {
        bench.switch(json!({ "retryAfter": form }));
        let reply = bench.send("GET", "/leads", None);
        assert_eq!(reply.status, 429);
        reply.header("retry-after").map(str::to_owned)
    };
    assert_eq!(retry_after(json!(null)), None);
    assert_eq!(retry_after(json!("seconds")).as_deref(), Some("5"));
    let date = retry_after(json!("date")).unwrap();
    assert_eq!(date.len(), "Sun, 17 Aug 2025 14:13:14 GMT".len());
    assert!(date.ends_with(" GMT"));
}
