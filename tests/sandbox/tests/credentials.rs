//! Authentication and permissions.

use icloud_ready_sandbox::{AuthenticationMode, CREATE_ONLY_API_KEY};
use serde_json::json;

use crate::support::{BEARER, Bench, Header, JSON, KEY, ORGANIZATION, lead};

#[test]
fn each_kind_of_credential_is_accepted_alone() {
    let bench = Bench::new();
    let cases: [(&[Header<'_>], u16); 10] = [
        (&[], 401),
        (&[BEARER], 200),
        (&[("authorization", "bearer sandbox-access-token")], 200),
        (&[("authorization", "Bearer wrong")], 401),
        (&[("authorization", "Bearer sandbox-api-key")], 401),
        (&[KEY, ORGANIZATION], 200),
        (&[KEY], 401),
        (&[KEY, ("organizationId", "686f894eaf67193dd6e124cf")], 401),
        (&[("x-api-key", "sandbox-access-token"), ORGANIZATION], 401),
        (&[BEARER, KEY, ORGANIZATION], 400),
    ];
    for (headers, status) in cases {
        assert_eq!(bench.raw("GET", "/leads", headers, None).status, status, "{headers:?}");
    }
    let modes: Vec<_> = bench.sandbox.control().requests().iter().map(|r| r.auth).collect();
    assert_eq!(modes[0], AuthenticationMode::None);
    assert_eq!(modes[1], AuthenticationMode::Bearer);
    assert_eq!(modes[5], AuthenticationMode::ApiKey);
    assert_eq!(modes[9], AuthenticationMode::Both);
}

#[test]
fn a_create_only_key_can_only_create_leads() {
    let bench = Bench::new();
    let headers = [("x-api-key", CREATE_ONLY_API_KEY), ORGANIZATION, JSON];
    let body = lead("Mona").to_string();
    assert_eq!(bench.raw("POST", "/leads", &headers, Some(&body)).status, 200);
    assert_eq!(bench.raw("POST", "/leads", &headers, Some("{}")).status, 400);
    for (method, path) in [("GET", "/leads"), ("GET", "/leads/1"), ("POST", "/customers")] {
        let body = (method == "POST").then_some("{}");
        assert_eq!(bench.raw(method, path, &headers, body).status, 403, "{method} {path}");
    }
}

#[test]
fn tokens_are_added_and_revoked_at_run_time() {
    let bench = Bench::new();
    let changes = json!({
        "add": [
            { "kind": "bearer", "token": "second" },
            { "kind": "apiKey", "token": "anywhere", "role": "create-only" },
        ],
        "revoke": ["sandbox-access-token"],
    });
    assert_eq!(bench.control("POST", "/tokens", Some(changes)).status, 200);
    let status = |headers: &[Header<'_>]| bench.raw("GET", "/leads", headers, None).status;
    assert_eq!(status(&[BEARER]), 401);
    assert_eq!(status(&[("authorization", "Bearer second")]), 200);
    // The token has no organization: any is valid, and reading is not permitted.
    let anywhere = [("x-api-key", "anywhere"), ("organizationId", "0123456789abcdefABCDEF01")];
    assert_eq!(status(&anywhere), 403);
    assert_eq!(status(&[anywhere[0], ("organizationId", "short")]), 401);

    assert_eq!(bench.control("POST", "/reset", None).status, 200);
    assert_eq!(status(&[BEARER]), 200);
    assert_eq!(status(&[("authorization", "Bearer second")]), 401);
}

#[test]
fn sign_in_returns_a_token_where_the_switch_says() {
    let bench = Bench::new();
    let sign_in = |password: &str| {
        let body = json!({ "email": "agent@example.com", "password": password }).to_string();
        bench.raw("POST", "/signin", &[JSON], Some(&body))
    };
    for (key, parent, pointer) in [
        ("accessToken", None, "/accessToken"),
        ("access_token", Some("data"), "/data/access_token"),
        ("jwt", Some("user"), "/user/jwt"),
    ] {
        bench.switch(json!({ "signinShape": { "key": key, "in": parent } }));
        let response = sign_in("sandbox-password").json();
        let token = response.pointer(pointer).unwrap().as_str().unwrap();
        let header = format!("Bearer {token}");
        let headers = [("authorization", header.as_str())];
        assert_eq!(bench.raw("GET", "/leads", &headers, None).status, 200);
    }
    assert_eq!(sign_in("wrong").status, 401);
    assert_eq!(bench.raw("POST", "/signin", &[JSON], Some("{}")).status, 400);
}
