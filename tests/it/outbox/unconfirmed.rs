//! Creates that get a 2xx without a lead.

use super::rig::{created, crm, empty_lookup, entry, sends, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, LeadState, OutboxSettings};

/// A 2xx that does not confirm the lead.
fn unconfirmed(send: usize) -> Reply {
    Reply::json(200, if send.is_multiple_of(2) { "{}" } else { r#"{"success":false}"# })
}

/// The alerts about unconfirmed sends.
fn alerts(site: &Site<Fake>) -> Vec<Alert> {
    let is_about =
        |alert: &Alert| matches!(alert, Alert::LeadHeld { .. } | Alert::Unconfirmable { .. });
    site.alerts().into_iter().filter(is_about).collect()
}

#[test]
fn a_lead_is_held_after_five_unconfirmed_sends() {
    simulated(async {
        let fake = crm(unconfirmed, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
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
fn a_lead_whose_fifth_send_is_confirmed_is_delivered() {
    simulated(async {
        let fake = crm(|send| if send < 5 { unconfirmed(send) } else { created() }, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, 5));
        assert_eq!(alerts(&site), []);
    });
}

#[test]
fn twenty_unconfirmed_sends_in_a_row_alert_once() {
    for (confirmed, expected) in [(0, vec![Alert::Unconfirmable { sends: 20 }]), (19, Vec::new())] {
        simulated(async move {
            let response =
                move |send| if send == confirmed { created() } else { unconfirmed(send) };
            let fake = crm(response, empty_lookup);
            let site = site(&fake, OutboxSettings::default());
            // Each is sent once before the first of them is looked up.
            (0..25).for_each(|number| _ = site.enqueue(&page_lead(number)).unwrap());
            site.work_until_idle(10_000.0).await;
            assert_eq!((sends(&fake), alerts(&site)), (25, expected));
        });
    }
}
