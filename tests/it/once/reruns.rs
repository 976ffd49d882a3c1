//! Imports that are run again.

use crate::once::losses::{
    LEADS, assert_each_once, assert_losses, import, in_the_crm, losing, searching, settings,
};
use crate::support::rig::{on_sockets, sandboxed};
use icloud_ready::Settings;
use icloud_ready::config::Reconcile;
use icloud_ready_sandbox::Switches;

/// Where a "no" cannot be proven before a lead was once found by its id: those in doubt are told
/// so, and a second run that looks first settles them.
#[test]
fn each_once_after_a_second_run_where_absence_is_hard_to_prove() {
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
            let (mut doubtful, times) = (0, in_the_crm(&sandbox));
            for (number, result) in results.iter().enumerate() {
                let there = times.get(&format!("Lead {number}")).copied();
                match result {
                    Ok(_) => assert_eq!(there, Some(1), "{name}"),
                    Err(error) => {
                        assert!(error.ambiguous && there.is_none_or(|there| there == 1), "{name}");
                        doubtful += 1;
                    }
                }
            }
            assert!(doubtful < LEADS / 10, "{name}: {doubtful}");
            let settings = Settings { look_first: true, ..settings };
            for number in (0..LEADS).filter(|&number| results[number].is_err()) {
                import(&client, number..number + 1, &settings).await.remove(0).unwrap();
            }
        });
        assert_each_once(&sandbox, LEADS);
    }
}

#[test]
fn an_import_run_again_doubles_nothing_if_it_looks_first() {
    for look_first in [true, false] {
        let sandbox = losing(searching(&["customField"]));
        let settings = Settings { max_retries: 0, look_first, ..settings() };
        let client = sandboxed(&sandbox, settings.clone());
        on_sockets(async {
            // Killed half-way: what is under way is dropped where it stands.
            let blind = Settings { look_first: false, ..settings.clone() };
            let first = import(&client, 0..200, &blind);
            tokio::select! {
                biased;
                () = async {
                    while in_the_crm(&sandbox).len() < 100 {
                        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                    }
                } => {}
                _ = first => {}
            }
        });
        // The runtime and all its tasks are gone.
        sandbox.control().set_faults(Vec::new());
        let before = in_the_crm(&sandbox).len();
        assert!((100..200).contains(&before));
        let results = on_sockets(import(&client, 0..200, &settings));
        assert!(results.iter().all(Result::is_ok));
        if look_first {
            assert_each_once(&sandbox, 200);
        } else {
            let times = in_the_crm(&sandbox);
            assert_eq!(times.values().filter(|&&times| times > 1).count(), before, "the control");
        }
    }
}
