//! Creates that are answered with a 2xx that confirms no lead.

use super::rig::{crm, entry, made, nothing, sends, site};
use super::site::{Site, arrival, submission};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, LeadState, OutboxSettings};

/// A 2xx that confirms nothing.
fn unconfirmed(send: usize) -> Reply {
    Reply::json(200, if send.is_multiple_of(2) { "{}" } else { r#"{"success":false}"# })
}

/// The alerts about sends that confirm nothing.
fn alerts(site: &Site<Fake>) -> Vec<Alert> {
    let is_about =
        |alert: &Alert| matches!(alert, Alert::LeadHeld { .. } | Alert::Unconfirmable { .. });
    site.alerts().into_iter().filter(is_about).collect()
}

#[test]
fn a_lead_is_held_after_five_sends_that_confirm_nothing() {
    simulated(async {
        let fake = crm(unconfirmed, nothing);
        let site = site(&fake, OutboxSettings::default());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
        let entry = entry(&site, 1);
        assert_eq!(
            (entry.state, entry.reason.as_deref()),
            (LeadState::Held, Some("unconfirmed_response"))
        );
        assert_eq!(sends(&fake), 5);
        let held = Alert::LeadHeld { submission_id: submission(1), reason: "unconfirmed_response" };
        assert_eq!(alerts(&site), [held]);
    });
}

#[test]
fn a_lead_whose_fifth_send_is_confirmed_is_done() {
    simulated(async {
        let fake = crm(|send| if send < 5 { unconfirmed(send) } else { made() }, nothing);
        let site = site(&fake, OutboxSettings::default());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
        assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, 5));
        assert_eq!(alerts(&site), []);
    });
}

#[test]
fn twenty_sends_in_a_row_that_confirm_nothing_alert_once() {
    for (confirmed, expected) in [(0, vec![Alert::Unconfirmable { sends: 20 }]), (19, Vec::new())] {
        simulated(async move {
            let answer = move |send| if send == confirmed { made() } else { unconfirmed(send) };
            let fake = crm(answer, nothing);
            let site = site(&fake, OutboxSettings::default());
            // Each is sent once before the first of them is looked for.
            (0..25).for_each(|number| _ = site.put(&arrival(number)).unwrap());
            site.settle(10_000.0).await;
            assert_eq!((sends(&fake), alerts(&site)), (25, expected));
        });
    }
}
