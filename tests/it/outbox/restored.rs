//! A restored backup: what it says was not sent may have been sent since it was made.

use super::rig::{bulk, created, crm, empty_lookup, entry, found, rejected, reopened, sends, site};
use super::site::{page_lead, submission};
use crate::support::fake::Reply;
use crate::support::rig::simulated;
use icloud_ready::outbox::{CommandName, Enqueue, LeadState, OutboxSettings};

fn restored(restored: bool) -> OutboxSettings {
    OutboxSettings { restored, ..OutboxSettings::default() }
}

#[test]
fn unsent_leads_of_a_restored_backup_are_looked_up_and_sent_only_if_they_are_absent() {
    // The control restores the same backup without the option.
    for is_declared in [true, false] {
        simulated(async {
            // The CRM has lead 0, which was sent after the backup was made, and not lead 1.
            let fake = crm(
                |_| created(),
                |sent| {
                    if sent.target.contains(&submission(0)) { found(0) } else { empty_lookup(sent) }
                },
            );
            let backup = site(&fake, OutboxSettings::default());
            for number in 0..2 {
                backup.enqueue(&page_lead(number)).unwrap();
            }
            let site = reopened(&backup, &fake, restored(is_declared));
            assert_eq!(
                entry(&site, 0).state,
                if is_declared { LeadState::Unconfirmed } else { LeadState::Pending }
            );
            site.work_until_idle(600_000.0).await;
            assert_eq!([0, 1].map(|number| entry(&site, number).state), [LeadState::Delivered; 2]);
            // Without the option the CRM gets lead 0 twice.
            assert_eq!(sends(&fake), if is_declared { 1 } else { 2 });
        });
    }
}

#[test]
fn stopped_leads_of_a_restored_backup_are_looked_up_when_they_are_sent_again() {
    simulated(async {
        let fake = crm(|_| rejected(400), |_| Reply::json(200, "[]"));
        let backup = site(&fake, OutboxSettings::default());
        backup.enqueue(&page_lead(0)).unwrap();
        backup.enqueue(&Enqueue { hold: true, ..page_lead(1) }).unwrap();
        backup.work_until_idle(1_000.0).await;
        let site = reopened(&backup, &fake, restored(true));
        let states = || [0, 1].map(|number| entry(&site, number).state);
        assert_eq!(states(), [LeadState::Dead, LeadState::Held]);
        site.outbox.command_all(&bulk(CommandName::Replay, "refused"), site.now()).unwrap();
        site.outbox.command_all(&bulk(CommandName::Release, "challenge"), site.now()).unwrap();
        assert_eq!(states(), [LeadState::Unconfirmed; 2]);
    });
}
