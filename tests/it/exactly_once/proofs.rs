//! What proves that a lead is absent, and when a lookup can be trusted.

use crate::support::crm::{ANOTHER, Crm, NOTHING, OURS, create, outcome, settings};
use crate::support::fake::{Fake, Reply};
use crate::support::fetched::PlainResponse;
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;
use icloud_ready::auth::CredentialKind;
use icloud_ready::error::ErrorKind;
use icloud_ready::request::settings::Reconcile;
use icloud_ready::transport::TransportError;

#[test]
fn a_later_lookup_can_find_a_lead_that_an_earlier_one_missed() {
    simulated(async {
        // The search lags: at first the list, a projection, proves nothing either way.
        let fake = Fake::new(|sent| match (sent.method, sent.target.as_str()) {
            ("POST", _) => Reply::fault(TransportError::Connection),
            (_, "/leads?q=submission-1") if sent.at > 2_000.0 => {
                Reply::json(200, r#"[{"_id":"l1"}]"#)
            }
            (_, "/leads/l1") => Reply::json(200, OURS),
            (_, target) if target.starts_with("/leads?limit=50") => {
                Reply::json(200, r#"[{"_id":"l1"}]"#)
            }
            _ => Reply::json(200, "[]"),
        });
        let lead = create(&faked(&fake, settings())).await.unwrap();
        assert_eq!(lead.id.as_deref(), Some("l1"));
        assert_eq!(fake.sent().iter().filter(|sent| sent.method == "POST").count(), 1);
    });
}

#[test]
fn with_reconcile_id_no_other_lead_is_read_and_an_empty_result_proves_nothing_at_first() {
    let id_alone = || Settings { reconcile: Reconcile::Id, ..settings() };
    let (sends, result, lookups) = outcome(NOTHING, id_alone());
    assert_eq!((sends, result.unwrap_err().cause.unwrap().code), (1, "inconclusive"));
    assert!(lookups.iter().all(|lookup| lookup == "/leads?q=submission-1"), "{lookups:?}");

    simulated(async {
        // The first create is found by its id; from then on an empty result proves absence.
        let mut first = true;
        let fake = Fake::new(move |sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            _ if std::mem::take(&mut first) => Reply::json(200, &["[", OURS, "]"].concat()),
            _ => Reply::json(200, "[]"),
        });
        let client = faked(&fake, id_alone());
        create(&client).await.unwrap();
        let error = create(&client).await.unwrap_err();
        assert_eq!((error.attempts, error.cause.is_none()), (2, true));
    });
}

#[test]
fn with_reconcile_id_a_search_that_returns_everything_proves_nothing() {
    simulated(async {
        // A CRM that ignores `q` returns its latest leads, including this one until newer leads
        // displace it.
        let others = r#"{"_id":"l2","customField":"{}"}"#;
        let mut lookups = 0;
        let fake = Fake::new(move |sent| {
            if sent.method == "POST" {
                return Reply::fault(TransportError::Connection);
            }
            lookups += 1;
            let latest = if lookups == 1 { [OURS, others] } else { [others, others] };
            Reply::json(200, &["[", &latest.join(","), "]"].concat())
        });
        let client = faked(&fake, Settings { reconcile: Reconcile::Id, ..settings() });
        create(&client).await.unwrap();
        let error = create(&client).await.unwrap_err();
        assert_eq!(
            (error.attempts, error.cause.map(|cause| cause.code)),
            (1, Some("inconclusive"))
        );
    });
}

#[test]
fn check_existing_sends_only_missing_leads() {
    let check_existing = || Settings { check_existing: true, ..settings() };
    let ours = "[{\"_id\":\"l1\",\"customField\":\"{\\\"submissionId\\\":\\\"submission-1\\\"}\"}]";
    let (sends, result, _) = outcome(Crm { by_id: ours, ..NOTHING }, check_existing());
    assert_eq!((sends, result.unwrap().id.as_deref()), (0, Some("l1")));
    simulated(async {
        let fake = Fake::new(|sent| match sent.method {
            "POST" => Reply::json(200, OURS),
            _ => NOTHING.respond(sent),
        });
        create(&faked(&fake, check_existing())).await.unwrap();
        let targets: Vec<String> = fake.sent().into_iter().map(|sent| sent.target).collect();
        let scan = ["/leads?limit=50", "/leads?limit=50&page=1"];
        let mut expected = vec!["/leads?q=submission-1", scan[0], "/leads?q=submission-0"];
        expected.push("/leads?q=%2B201001234567");
        expected.extend([scan[1], scan[0], scan[1], "/leads"]);
        assert_eq!(targets, expected, "the end of the list, twice, and the send");
    });
}

#[test]
fn if_the_lookup_is_forbidden_nothing_is_sent_and_the_key_is_not_rejected() {
    for (crm, status) in [
        (Crm { by_id: "401", ..NOTHING }, Some(401)),
        (Crm { by_id: "403", ..NOTHING }, Some(403)),
        (Crm { by_id: "404", ..NOTHING }, Some(404)),
        (Crm { recent: r#"[{"_id":"l2"}]"#, ..NOTHING }, None),
        (Crm { recent: "[]", ..NOTHING }, None),
        (Crm { more: ANOTHER, ..NOTHING }, None),
    ] {
        let settings = Settings { check_existing: true, ..settings() };
        let (sends, result, _) = outcome(crm, settings);
        let error = result.unwrap_err();
        let found = (sends, error.kind, error.code, error.attempts, error.ambiguous);
        assert_eq!(found, (0, ErrorKind::Response, "inconclusive", 0, false));
        assert_eq!(error.cause.and_then(|cause| cause.status), status);
    }
    let settings = Settings { check_existing: true, max_retries: 0, ..settings() };
    let (sends, result, _) = outcome(Crm { by_id: "503", ..NOTHING }, settings);
    assert_eq!((sends, result.unwrap_err().status), (0, Some(503)));
}

#[test]
fn a_token_function_that_fails_before_the_first_lookup_is_the_reported_error() {
    simulated(async {
        let response = PlainResponse::error(TransportError::Token, false);
        let fake = Fake::replying([Reply { response, after: 0.0 }])
            .with_credential(CredentialKind::TokenFunction);
        let settings = Settings { check_existing: true, ..settings() };
        let error = create(&faked(&fake, settings)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.code, error.status),
            (ErrorKind::Api, "authentication", None)
        );
        assert_eq!(fake.count(), 1);
    });
}
