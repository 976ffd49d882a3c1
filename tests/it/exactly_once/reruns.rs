//! Imports that run a second time.

use crate::exactly_once::lost_responses::{
    CONCURRENCY, LEADS, assert_each_once, assert_losses, import, in_the_crm, losing, searching,
    settings,
};
use crate::support::rig::{on_sockets, sandboxed};
use icloud_ready::Settings;
use icloud_ready::request::settings::Reconcile;
use icloud_ready_sandbox::{Action, Fault, Moment, Options, Sandbox, Switches};
use std::time::Duration;

/// Absence cannot be proven before a lead was once found by its id: the ambiguous ones are
/// reported, and a second run with `check_existing` resolves them.
#[test]
fn a_second_run_creates_each_lead_once_where_absence_is_hard_to_prove() {
    let projection = Some(vec!["leadInformation.phone".to_owned()]);
    for (name, switches, reconcile) in [
        ("projections", Switches { projection, ..searching(&["customField"]) }, Reconcile::Full),
        ("by id alone", searching(&["customField"]), Reconcile::Id),
    ] {
        let sandbox = losing(switches);
        let settings = Settings { reconcile, ..settings() };
        let client = sandboxed(&sandbox, settings.clone());
        on_sockets(async {
            let results = import(&client, 0..LEADS, &settings).await;
            assert_losses(&sandbox);
            let (mut ambiguous, times) = (0, in_the_crm(&sandbox));
            for (number, result) in results.iter().enumerate() {
                let there = times.get(&format!("Lead {number}")).copied();
                match result {
                    Ok(_) => assert_eq!(there, Some(1), "{name}"),
                    Err(error) => {
                        assert!(error.ambiguous && there.is_none_or(|there| there == 1), "{name}");
                        ambiguous += 1;
                    }
                }
            }
            assert!(ambiguous < LEADS / 10, "{name}: {ambiguous}");
            let settings = Settings { check_existing: true, ..settings };
            for number in (0..LEADS).filter(|&number| results[number].is_err()) {
                import(&client, number..number + 1, &settings).await.remove(0).unwrap();
            }
        });
        assert_each_once(&sandbox, LEADS);
    }
}

#[test]
fn a_repeated_import_creates_no_duplicates_with_check_existing() {
    for check_existing in [true, false] {
        let switches = searching(&["customField"]);
        let sandbox = Sandbox::start(Options { switches, ..Options::default() });
        let hang = Fault::new(Action::Hang { when: Moment::After }).method("POST").skip(100);
        sandbox.control().set_faults(vec![hang]);
        let client = sandboxed(&sandbox, settings());
        on_sockets(async {
            // Killed half-way, while each worker waits for the response to a lead that is stored.
            let settings = settings();
            let first = import(&client, 0..200, &settings);
            let half_way = async {
                while in_the_crm(&sandbox).len() < 100 + CONCURRENCY {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::select! {
                () = half_way => {}
                _ = first => panic!("it hangs"),
            }
        });
        // The runtime and all its tasks are dropped.
        sandbox.control().set_faults(Vec::new());
        let results =
            on_sockets(import(&client, 0..200, &Settings { check_existing, ..settings() }));
        assert!(results.iter().all(Result::is_ok));
        if check_existing {
            assert_each_once(&sandbox, 200);
        } else {
            let times = in_the_crm(&sandbox);
            let duplicated = times.values().filter(|&&times| times == 2).count();
            assert_eq!((times.len(), duplicated), (200, 100 + CONCURRENCY), "the control");
        }
    }
}
