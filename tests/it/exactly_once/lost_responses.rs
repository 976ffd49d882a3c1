//! A thousand leads, each exactly once, in a CRM that loses responses before and after it commits.

use crate::support::records::{numbered, submission_id, submitting};
use crate::support::rig::{client, create_only_token, each, on_sockets, sandboxed};
use crate::transport::Socket;
use crate::transport::milliseconds;
use icloud_ready::model::Lead;
use icloud_ready::{Client, Error, Settings};
use icloud_ready_sandbox::{Action, Fault, Moment, Options, Sandbox, Switches};
use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) const LEADS: usize = 1_000;

pub(crate) const CONCURRENCY: usize = 8;

/// A CRM that loses one response in ten before it commits and one in ten after.
pub(crate) fn losing(switches: Switches) -> Sandbox {
    let sandbox = Sandbox::start(Options { switches, seed: 11, ..Options::default() });
    sandbox.control().set_faults(losses());
    sandbox
}

fn losses() -> Vec<Fault> {
    vec![cut(Moment::Before, 0.1), cut(Moment::After, 0.1 / 0.9)]
}

pub(crate) fn cut(when: Moment, probability: f64) -> Fault {
    Fault::new(Action::Cut { when }).method("POST").path("/leads").probability(probability)
}

pub(crate) fn searching(fields: &[&str]) -> Switches {
    let fields = fields.iter().map(|&field| field.to_owned()).collect();
    Switches { search_fields: Some(fields), ..Switches::default() }
}

/// Enough retries that no series of losses fails a lead; one lookup without delay.
pub(crate) fn settings() -> Settings {
    Settings { max_retries: 8, reconcile_delays: vec![milliseconds(1.0)], ..Settings::default() }
}

/// Creates these leads, and returns the result of each.
pub(crate) async fn import(
    client: &Client<Socket>,
    numbers: Range<usize>,
    settings: &Settings,
) -> Vec<Result<Lead, Error>> {
    let (client, settings) = (client.clone(), settings.clone());
    each(numbers, CONCURRENCY, move |number| {
        let client = client.with(submitting(&submission_id(number), &settings));
        async move { client.leads().create(&numbered(number)).await }
    })
    .await
}

/// How often the CRM has each first name.
pub(crate) fn in_the_crm(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for lead in sandbox.control().leads().unwrap() {
        let name = lead["leadInformation"]["firstName"].as_str().unwrap().to_owned();
        *times.entry(name).or_default() += 1;
    }
    times
}

pub(crate) fn assert_each_once(sandbox: &Sandbox, leads: usize) {
    let times = in_the_crm(sandbox);
    assert_eq!(times.len(), leads);
    assert!(times.values().all(|&times| times == 1));
}

/// The number of losses: without any the test would prove nothing.
pub(crate) fn assert_losses(sandbox: &Sandbox) {
    let faults = sandbox.control().faults();
    assert!(faults.iter().all(|fault| fault.fired > 12), "{faults:?}");
}

#[test]
fn each_lead_is_created_once_for_every_kind_of_lookup() {
    // Lists return few fields, for speed; in the next test not even the field that is compared.
    let projection =
        Some(["customField", "leadInformation", "createdAt"].map(str::to_owned).to_vec());
    for (name, search_fields, leads) in [
        ("by id", Some(vec!["customField".to_owned()]), LEADS),
        ("by phone", Some(vec!["leadInformation.phone".into()]), LEADS),
        ("q finds nothing", Some(vec![]), LEADS),
        ("q has no effect", None, LEADS / 4),
    ] {
        let switches =
            Switches { search_fields, projection: projection.clone(), ..Switches::default() };
        let sandbox = losing(switches);
        let client = sandboxed(&sandbox, settings());
        // A list proves nothing before it has shown a submission id.
        sandbox.control().set_faults(Vec::new());
        let mut results = on_sockets(import(&client, 0..1, &settings()));
        sandbox.control().set_faults(losses());
        results.extend(on_sockets(import(&client, 1..leads, &settings())));
        assert_losses(&sandbox);
        for (number, result) in results.iter().enumerate() {
            let lead = result.as_ref().unwrap_or_else(|error| {
                panic!("{name}: {number}: {error} {:?}", error.cause);
            });
            let name = &lead.lead_information.as_ref().unwrap().first_name;
            assert_eq!(name.as_deref(), Some(&*format!("Lead {number}")));
        }
        assert_each_once(&sandbox, leads);
    }
}

#[test]
fn control_resending_without_a_lookup_creates_duplicates() {
    let sandbox = losing(Switches::default());
    let client = sandboxed(&sandbox, Settings::default());
    on_sockets(each(0..LEADS, CONCURRENCY, move |number| {
        let client = client.clone();
        async move {
            while let Err(error) = client.leads().create(&numbered(number)).await {
                assert_eq!(
                    (error.ambiguous, error.attempts),
                    (true, 1),
                    "never resent automatically"
                );
            }
        }
    }));
    assert_losses(&sandbox);
    let times = in_the_crm(&sandbox);
    assert_eq!(times.len(), LEADS);
    assert!(times.values().filter(|&&times| times > 1).count() > 50);
}

#[test]
fn a_create_only_key_creates_no_duplicates_and_reports_ambiguous_results() {
    let sandbox = losing(Switches::default());
    let client = client(&sandbox.url(), create_only_token());
    let results = on_sockets(import(&client, 0..LEADS, &settings()));
    assert_losses(&sandbox);
    let (times, mut ambiguous) = (in_the_crm(&sandbox), 0);
    for (number, result) in results.iter().enumerate() {
        let there = times.get(&format!("Lead {number}")).copied();
        match result {
            Ok(_) => assert_eq!(there, Some(1)),
            Err(error) => {
                assert_eq!((error.code, error.ambiguous, error.attempts), ("connection", true, 1));
                let cause = error.cause.as_ref().unwrap();
                assert_eq!(cause.code, "permission_denied");
                assert!(there.is_none_or(|there| there == 1));
                ambiguous += 1;
            }
        }
    }
    assert!(ambiguous > 100);
}
