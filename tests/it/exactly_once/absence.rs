//! Proof that a lead is absent: the first page of the most recent leads alone proves nothing.

use crate::support::crm::{ANOTHER, Crm, NOTHING, create, outcome, settings};
use crate::support::fake::{Fake, Reply, Sent};
use crate::support::records::{http_date, numbered, submission_id, submitting, timestamp};
use crate::support::rig::{faked, simulated};
use icloud_ready::request::settings::Reconcile;
use icloud_ready::sync::{Rc, RefCell};
use icloud_ready::transport::TransportError;
use icloud_ready::{Client, Error, Settings};
use serde_json::{Value, json};

const MINUTE: f64 = 60_000.0;

/// The CRM's clock, far from the client's.
const CRM_CLOCK: f64 = 1_700_000_000_000.0;

/// A CRM whose search finds nothing, with a list to which other clients add leads.
#[derive(Clone)]
struct Listed {
    /// Most recent first.
    leads: Rc<RefCell<Vec<Value>>>,
    page_size: usize,
    first_page: usize,
    ignores_page: bool,
    /// Whether records have `createdAt` and responses a `Date` header.
    is_dated: bool,
    has_date: bool,
    /// Whether search finds a lead by its id.
    finds_ids: bool,
    /// For each create, by its number, whether its response is lost, and if so, whether it is
    /// stored.
    loses: fn(usize) -> Option<bool>,
}

impl Listed {
    fn new(page_size: usize) -> Self {
        Self {
            leads: Rc::default(),
            page_size,
            first_page: 1,
            ignores_page: false,
            is_dated: true,
            has_date: true,
            finds_ids: false,
            loses: |_| None,
        }
    }

    /// Adds leads of other clients, created this many minutes before the simulation began, in this order.
    fn others(self, ages: impl IntoIterator<Item = f64>) -> Self {
        for (number, age) in ages.into_iter().enumerate() {
            let id = format!("other-{number:06}");
            self.leads.borrow_mut().push(record(&id, -age * MINUTE));
        }
        self
    }

    fn fake(&self) -> Fake {
        let (crm, mut creates) = (self.clone(), 0);
        Fake::new(move |sent| {
            let mut reply = if sent.method == "POST" {
                creates += 1;
                crm.create(sent, creates)
            } else {
                crm.list(sent)
            };
            reply.response.date = crm.has_date.then(|| http_date(CRM_CLOCK + sent.at));
            reply
        })
    }

    fn create(&self, sent: &Sent, number: usize) -> Reply {
        let body: Value = serde_json::from_str(sent.body.as_deref().unwrap()).unwrap();
        let custom: Value = serde_json::from_str(body["customField"].as_str().unwrap()).unwrap();
        let created = record(custom["submissionId"].as_str().unwrap(), sent.at);
        let loses = (self.loses)(number);
        if loses != Some(false) {
            self.leads.borrow_mut().insert(0, created.clone());
        }
        match loses {
            None => Reply::json(200, &created.to_string()),
            Some(_) => Reply::fault(TransportError::Connection),
        }
    }

    fn list(&self, sent: &Sent) -> Reply {
        let query = sent.target.split_once('?').map_or("", |(_, query)| query);
        let mut found = self.leads.borrow().clone();
        let mut page = self.first_page;
        if let Some(id) = query.strip_prefix("q=") {
            found.retain(|lead| self.finds_ids && lead["customField"].to_string().contains(id));
        } else if let Some((_, number)) = query.split_once("&page=").filter(|_| !self.ignores_page)
        {
            page = number.parse().unwrap();
        }
        let skipped = (page - self.first_page) * self.page_size;
        let mut page: Vec<Value> = found.into_iter().skip(skipped).take(self.page_size).collect();
        if !self.is_dated {
            page.iter_mut().for_each(|lead| drop(lead["createdAt"].take()));
        }
        Reply::json(200, &Value::from(page).to_string())
    }
}

/// A record with a submission id, created this many milliseconds after the beginning.
fn record(id: &str, at: f64) -> Value {
    let created_at = timestamp(CRM_CLOCK + at);
    let custom = json!({ "submissionId": id }).to_string();
    json!({ "_id": format!("crm-{id}"), "customField": custom, "createdAt": created_at })
}

async fn import(client: &Client<Fake>, number: usize) -> Result<(), Error> {
    let settings = submitting(&submission_id(number), &settings());
    client.with(settings).leads().create(&numbered(number)).await.map(drop)
}

fn send_count(fake: &Fake) -> usize {
    fake.sent().iter().filter(|sent| sent.method == "POST").count()
}

/// How often the lead was sent, and the requested pages of the most recent leads.
fn lost(crm: &Listed, before: usize) -> (usize, Vec<String>) {
    simulated(async {
        let fake = crm.fake();
        let client = faked(&fake, settings());
        for number in 0..before {
            import(&client, number).await.unwrap();
        }
        fake.forget();
        let _ = import(&client, before).await;
        let pages = fake.sent().into_iter().map(|sent| sent.target);
        (send_count(&fake), pages.filter(|target| target.contains("limit=50")).collect())
    })
}

#[test]
fn a_list_without_submission_ids_proves_nothing() {
    let unrelated = r#"[{"_id":"l0","customField":"utm=1"},{"_id":"l9","customField":null}]"#;
    for crm in [
        Crm { recent: "[]", ..NOTHING },
        Crm { recent: unrelated, ..NOTHING },
        // The records have ids, but a repeated page is not the end.
        Crm { more: ANOTHER, ..NOTHING },
        Crm { more: unrelated, ..NOTHING },
    ] {
        let (sends, result, _) = outcome(crm, settings());
        let error = result.unwrap_err();
        assert_eq!((sends, error.ambiguous), (1, true));
        assert_eq!(error.cause.unwrap().code, "inconclusive");
    }
    let (sends, result, _) = outcome(NOTHING, settings());
    assert_eq!((sends, result.unwrap_err().cause.is_none()), (2, true));
}

#[test]
fn the_first_page_alone_proves_nothing() {
    // Leads of other clients, newer than ours and as many as a page holds, for any requested page.
    let crm = Listed { loses: |_| Some(false), ignores_page: true, ..Listed::new(50) };
    assert_eq!(lost(&crm.others((0..300).map(|_| -1.0)), 0).0, 1);
}

#[test]
fn two_earlier_confirmed_leads_prove_absence_on_a_list_in_descending_order() {
    let lossy = |number| (number > 3).then_some(false);
    let crm = Listed { loses: lossy, ignores_page: true, has_date: false, ..Listed::new(50) };
    let (sends, pages) = lost(&crm, 3);
    assert_eq!((sends, pages.len()), (2, 4), "one page per lookup");
    let one = Listed { loses: |number| (number > 1).then_some(false), ..crm.clone() };
    for crm in [one, Listed { is_dated: false, ..crm.clone() }] {
        crm.leads.borrow_mut().clear();
        let confirmed = if crm.is_dated { 1 } else { 3 };
        assert_eq!(lost(&crm, confirmed).0, 1);
    }
    // A list in ascending order.
    simulated(async {
        let crm = Listed { leads: Rc::default(), ..crm };
        let fake = crm.fake();
        let client = faked(&fake, settings());
        for number in 0..3 {
            import(&client, number).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        crm.leads.borrow_mut().reverse();
        import(&client, 3).await.unwrap_err();
        assert_eq!(send_count(&fake), 4);
    });
}

#[test]
fn three_old_leads_prove_absence_by_the_crms_clock() {
    let old = || [1.0, 6.0, 7.0, 8.0];
    let crm = Listed { loses: |_| Some(false), ignores_page: true, ..Listed::new(50) };
    let (sends, pages) = lost(&crm.clone().others(old()), 0);
    assert_eq!((sends, pages.len()), (2, 4), "one page per lookup");
    // Without `Date`, as across origins; with leads that are not old enough, not dated, or
    // unsorted.
    for crm in [
        Listed { has_date: false, ..crm.clone() }.others([]),
        Listed { is_dated: false, leads: Rc::default(), ..crm.clone() }.others(old()),
        Listed { leads: Rc::default(), ..crm.clone() }.others([1.0, 4.0, 7.0, 8.0]),
        Listed { leads: Rc::default(), ..crm.clone() }.others([8.0, 7.0, 6.0, 1.0]),
    ] {
        assert_eq!(lost(&crm, 0).0, 1);
    }
}

#[test]
fn the_end_of_the_list_proves_absence_if_a_second_scan_agrees() {
    for first_page in [0, 1] {
        let crm = Listed { loses: |_| Some(false), first_page, has_date: false, ..Listed::new(4) };
        let (sends, pages) = lost(&crm.others((0..10).map(f64::from)), 0);
        // Each of four lookups, two after each send, scans twice.
        let scan = if first_page == 0 { 4 } else { 5 };
        assert_eq!((sends, pages.len()), (2, 8 * scan), "{pages:?}");
    }
}

#[test]
fn a_scan_reads_at_most_ten_pages() {
    let crm = Listed { loses: |_| Some(false), has_date: false, ..Listed::new(4) };
    let (sends, pages) = lost(&crm.others((0..100).map(f64::from)), 0);
    assert_eq!((sends, pages.len()), (1, 2 * 10));
}

#[test]
fn the_second_scan_finds_a_lead_that_a_deletion_hid_from_the_first() {
    simulated(async {
        // The lead is the first of page 2 when a lead of page 1 is deleted.
        let crm =
            Listed { loses: |_| Some(true), has_date: false, first_page: 0, ..Listed::new(4) };
        let crm = crm.others((0..10).map(f64::from));
        let leads = Rc::clone(&crm.leads);
        let mut script = crm.clone();
        script.loses = |_| Some(true);
        let mut scanned = 0;
        let fake = Fake::new(move |sent| {
            if sent.method == "POST" {
                let reply = script.create(sent, 1);
                let ours = leads.borrow_mut().remove(0);
                leads.borrow_mut().insert(4, ours);
                return reply;
            }
            let reply = script.list(sent);
            if sent.target.ends_with("limit=50") {
                scanned += 1;
                if scanned == 1 {
                    leads.borrow_mut().remove(0);
                }
            }
            reply
        });
        import(&faked(&fake, settings()), 0).await.unwrap();
        assert_eq!(send_count(&fake), 1);
    });
}

#[test]
fn a_search_that_finds_another_lead_shows_that_search_covers_ids() {
    // The first page proves nothing, but the search for one of its leads finds it.
    let crm =
        Listed { loses: |_| Some(false), finds_ids: true, ignores_page: true, ..Listed::new(50) };
    let crm = Listed { is_dated: false, ..crm }.others([1.0, 2.0]);
    assert_eq!(lost(&crm, 0).0, 2);
    assert_eq!(lost(&Listed { finds_ids: false, ..crm }, 0).0, 1);
}

#[test]
fn with_reconcile_id_a_search_that_finds_a_created_lead_shows_that_search_covers_ids() {
    simulated(async {
        let lossy = |number| (number > 2).then_some(false);
        let crm = Listed { finds_ids: true, loses: lossy, ..Listed::new(50) };
        let fake = crm.fake();
        let client = faked(&fake, settings());
        let by_id = |number: usize| Settings {
            reconcile: Reconcile::Id,
            ..submitting(&submission_id(number), &settings())
        };
        for number in 0..2 {
            client.with(by_id(number)).leads().create(&numbered(number)).await.unwrap();
        }
        fake.forget();
        let error = client.with(by_id(2)).leads().create(&numbered(2)).await.unwrap_err();
        assert_eq!((error.attempts, error.cause.is_none()), (2, true));
        let lookups: Vec<String> = fake.sent().into_iter().map(|sent| sent.target).collect();
        assert!(
            lookups
                .iter()
                .all(|lookup| lookup == "/leads" || lookup.starts_with("/leads?q=submission-"))
        );
    });
}

#[test]
fn with_check_existing_one_search_suffices_once_search_covers_ids() {
    simulated(async {
        let crm = Listed { finds_ids: true, ..Listed::new(50) };
        let fake = crm.others([1.0]).fake();
        let client = faked(&fake, Settings { check_existing: true, ..settings() });
        create(&client).await.unwrap();
        fake.forget();
        let second = submitting("submission-2", &Settings { check_existing: true, ..settings() });
        client.with(second).leads().create(&numbered(2)).await.unwrap();
        let lookups: Vec<String> = fake.sent().into_iter().map(|sent| sent.target).collect();
        assert_eq!(lookups, ["/leads?q=submission-2", "/leads"]);
    });
}
