//! Concurrent creates with one submission id.

use crate::support::fake::{Fake, Reply, Sent};
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, limited, simulated};
use crate::support::rng::Rng;
use crate::transport::milliseconds;
use icloud_ready::error::ErrorKind;
use icloud_ready::model::Lead;
use icloud_ready::sync::{Rc, RefCell};
use icloud_ready::transport::{Outcome, TransportError};
use icloud_ready::validate::IssueCode;
use icloud_ready::{Client, Error, Settings};
use serde_json::{Value, json};
use tokio::task::{JoinHandle, spawn_local};

type Create = JoinHandle<Result<Lead, Error>>;

/// A CRM with a search that finds leads. `loss` decides what happens to the response to the nth
/// create, given whether the lead is stored.
fn crm(mut loss: impl FnMut(usize) -> (bool, Reply) + Send + 'static) -> Fake {
    let leads = Rc::new(RefCell::new(Vec::<Value>::new()));
    let mut creates = 0;
    Fake::new(move |sent: &Sent| {
        let mut leads = leads.borrow_mut();
        if sent.method == "GET" {
            let id = sent.target.strip_prefix("/leads?q=").unwrap_or("");
            let carries = |lead: &&Value| lead["customField"].as_str().unwrap().contains(id);
            let found: Vec<_> = leads.iter().filter(carries).collect();
            return Reply::json(200, &json!(found).to_string());
        }
        creates += 1;
        let (is_stored, reply) = loss(creates);
        let mut lead: Value = serde_json::from_str(sent.body.as_ref().unwrap()).unwrap();
        lead["_id"] = json!(format!("l{}", leads.len() + 1));
        let text = lead.to_string();
        if is_stored {
            leads.push(lead);
        }
        match reply.response.outcome {
            Outcome::Status(201) => Reply::json(201, &text).after(reply.after),
            _ => reply,
        }
    })
}

async fn wait(seconds: f64) {
    tokio::time::sleep(milliseconds(seconds * 1_000.0)).await;
}

fn fine(after: f64) -> (bool, Reply) {
    (true, Reply::json(201, "{}").after(after))
}

/// The creates that were sent.
fn creates(fake: &Fake) -> usize {
    fake.sent().iter().filter(|sent| sent.method == "POST").count()
}

fn settings() -> Settings {
    submitting("submission-1", &Settings { max_retries: 0, ..Settings::default() })
}

/// Starts to create a lead with a derived client.
fn begin(client: &Client<Fake>, settings: Settings, first_name: &str) -> Create {
    let (client, lead) = (client.with(settings), lead(first_name, "+201001234567"));
    spawn_local(async move { client.leads().create(&lead).await })
}

#[test]
fn concurrent_creates_return_the_lead_of_the_first() {
    simulated(async {
        let fake = crm(|_| fine(5_000.0));
        let client = limited(&fake, Settings::default());
        let mut calls = Vec::new();
        for _ in 0..5 {
            calls.push(begin(&client, settings(), "Mona"));
            wait(0.7).await;
        }
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap().id.as_deref(), Some("l1"));
        }
        assert_eq!((creates(&fake), fake.count()), (1, 1));
        // After a call has ended, its id can be used again.
        assert_eq!(begin(&client, settings(), "Nour").await.unwrap().unwrap().id.unwrap(), "l2");
    });
}

#[test]
fn another_body_is_a_conflict() {
    simulated(async {
        let fake = crm(|_| fine(1_000.0));
        let client = faked(&fake, Settings::default());
        let first = begin(&client, settings(), "Mona");
        wait(0.1).await;
        let error = begin(&client, settings(), "Nour").await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind, error.attempts, error.ambiguous),
            (ErrorKind::Validation, 0, false)
        );
        let issues: Vec<_> = error.issues.iter().map(|issue| (&*issue.path, issue.code)).collect();
        assert_eq!(issues, [("submissionId", IssueCode::Conflict)]);
        // Calls with another id, another client or no id are independent.
        let other = submitting("submission-2", &Settings::default());
        begin(&client, other, "Nour").await.unwrap().unwrap();
        begin(&faked(&fake, Settings::default()), settings(), "Nour").await.unwrap().unwrap();
        begin(&client, Settings::default(), "Nour").await.unwrap().unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(creates(&fake), 4);
    });
}

#[test]
fn if_the_first_call_is_rejected_the_second_sends() {
    simulated(async {
        let fake = crm(|count| match count {
            1 => (false, Reply::json(400, "{}").after(1_000.0)),
            _ => fine(0.0),
        });
        let client = faked(&fake, Settings::default());
        let calls = [(); 4].map(|()| begin(&client, settings(), "Mona"));
        let mut codes = Vec::new();
        for call in calls {
            codes.push(call.await.unwrap().map_or_else(|error| error.code, |_| "created"));
        }
        assert_eq!(codes, ["bad_request", "created", "created", "created"]);
        assert_eq!((creates(&fake), fake.count()), (2, 2));
    });
}

#[test]
fn if_the_first_call_was_not_sent_the_second_sends() {
    simulated(async {
        let fake = crm(|_| fine(0.0));
        let client = limited(&fake, Settings::default());
        // The window is full when they start, and the first times out in the limiter's queue.
        let impatient = Settings { max_queue_wait: milliseconds(1.0), ..settings() };
        for _ in 0..480 {
            client.request("GET", "/x", None, None, None).await.unwrap();
        }
        let first = begin(&client, impatient, "Mona");
        wait(0.0).await;
        let second = begin(&client, settings(), "Mona");
        assert_eq!(first.await.unwrap().unwrap_err().code, "queue_timeout");
        second.await.unwrap().unwrap();
        assert_eq!((creates(&fake), fake.count()), (1, 481), "sent without a lookup");
    });
}

#[test]
fn if_the_first_call_is_ambiguous_the_second_looks_the_lead_up() {
    for is_stored in [true, false] {
        simulated(async move {
            let lost = Reply::fault(TransportError::Connection).after(1_000.0);
            let mut lost = Some((is_stored, lost));
            let fake = crm(move |_| lost.take().unwrap_or_else(|| fine(0.0)));
            let client = faked(&fake, Settings::default());
            // The first call fails before its own lookup.
            let brief = Settings { total_timeout: milliseconds(1_500.0), ..settings() };
            let (first, second) =
                (begin(&client, brief, "Mona"), begin(&client, settings(), "Mona"));
            assert!(first.await.unwrap().unwrap_err().ambiguous);
            let second = second.await.unwrap();
            if is_stored {
                assert_eq!((second.unwrap().id.as_deref(), creates(&fake)), (Some("l1"), 1));
            } else {
                // This test does not cover whether an empty result proves anything.
                let sends = if second.is_ok() { 2 } else { 1 };
                assert_eq!((creates(&fake), fake.sent()[1].method), (sends, "GET"));
            }
        });
    }
}

#[test]
fn if_the_first_call_is_dropped_in_flight_the_second_looks_the_lead_up() {
    simulated(async {
        let fake = crm(|_| fine(5_000.0));
        let client = faked(&fake, Settings::default());
        let first = begin(&client, settings(), "Mona");
        wait(1.0).await;
        let second = begin(&client, settings(), "Mona");
        wait(1.0).await;
        first.abort();
        assert_eq!(second.await.unwrap().unwrap().id.unwrap(), "l1");
        assert_eq!(creates(&fake), 1);
        assert!(fake.elapsed() < 3_000.0, "at once");
    });
}

#[test]
fn a_waiting_call_times_out_by_its_own_timeout() {
    simulated(async {
        let fake = crm(|_| fine(20_000.0));
        let client = faked(&fake, Settings::default());
        let first = begin(&client, settings(), "Mona");
        wait(1.0).await;
        let brief = Settings { total_timeout: milliseconds(2_000.0), ..settings() };
        let error = begin(&client, brief, "Mona").await.unwrap().unwrap_err();
        assert_eq!((error.code, error.attempts), ("total_timeout", 0));
        assert!(error.ambiguous, "the first was sent");
        assert_eq!(fake.elapsed(), 3_000.0);
        let dropped = begin(&client, settings(), "Mona");
        wait(1.0).await;
        dropped.abort();
        first.await.unwrap().unwrap();
        begin(&client, settings(), "Nour").await.unwrap().unwrap();
        assert_eq!(creates(&fake), 2);
    });
}

#[test]
fn many_concurrent_creates_with_lost_responses_make_one_lead() {
    for seed in 0..200 {
        simulated(async move {
            let rng = Rng::new(seed);
            let responses = Rng::new(seed + 1_000);
            let fake = crm(move |_| {
                let after = f64::from(responses.below(3_000));
                match responses.below(6) {
                    0 => (true, Reply::fault(TransportError::Connection).after(after)),
                    1 => (false, Reply::fault(TransportError::Connection).after(after)),
                    2 => (true, Reply::hang()),
                    3 => (false, Reply::json(429, "{}").retry_after("1")),
                    4 => (false, Reply::json(400, "{}").after(after)),
                    _ => fine(after),
                }
            });
            // The search is known to find leads: an empty result then proves absence.
            let client = faked(&fake, Settings::default());
            let known = submitting("submission-0", &settings());
            while begin(&client, known.clone(), "Known").await.unwrap().is_err() {}
            let known = Settings { check_existing: true, ..known };
            begin(&client, known, "Known").await.unwrap().unwrap();
            let before = fake.count();
            let mut calls = Vec::new();
            for _ in 0..rng.below(6) + 2 {
                let total_timeout = milliseconds(f64::from(rng.below(3)) * 4_000.0);
                let settings =
                    Settings { timeout: milliseconds(10_000.0), total_timeout, ..settings() };
                let call = begin(&client, settings, "Mona");
                if rng.below(4) == 0 {
                    let (handle, at) = (call.abort_handle(), f64::from(rng.below(9_000)));
                    spawn_local(async move {
                        tokio::time::sleep(milliseconds(at)).await;
                        handle.abort();
                    });
                }
                calls.push(call);
            }
            let mut ids = Vec::new();
            for call in calls {
                if let Ok(Ok(lead)) = call.await {
                    ids.push(lead.id.unwrap());
                }
            }
            ids.dedup();
            assert!(ids.len() <= 1, "seed {seed}: {ids:?}");
            assert!(fake.count() > before);
            let stored = client.request("GET", "/leads", None, None, None).await.unwrap().unwrap();
            let ours = |lead: &&Value| lead["leadInformation"]["firstName"] == "Mona";
            let stored = stored.as_array().unwrap().iter().filter(ours).count();
            assert!(stored <= 1, "seed {seed}: {stored} leads");
        });
    }
}
