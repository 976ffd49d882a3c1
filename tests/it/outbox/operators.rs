//! What operators search, change in bulk, and find in the audit log.

use super::rig::{bulk, created, crm, empty_lookup, entry, rejected, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    AuditQuery, BulkCommand, BulkResult, Command, CommandName, Enqueue, LeadQuery, LeadState,
    OutboxSettings,
};
use serde_json::json;

fn search(site: &Site<Fake>, query: LeadQuery) -> Vec<String> {
    let page = site.outbox.list(&query).unwrap();
    page.entries.into_iter().map(|entry| entry.submission_id).collect()
}

fn person(number: usize, lead: &serde_json::Value) -> Enqueue {
    Enqueue { canonical: lead.to_string(), lead: lead.to_string(), ..page_lead(number) }
}

#[test]
fn a_person_is_found_by_phone_email_id_and_time() {
    simulated(async {
        let site = site(&crm(|_| created(), empty_lookup), OutboxSettings::default());
        for (number, lead) in [
            json!({ "leadInformation": { "firstName": "A", "phone": "+201001234567", "email": "Ahmed@Example.com" } }),
            json!({ "leadInformation": { "firstName": "B", "phone": "0100 123-4567" } }),
            json!({ "leadInformation": { "phone": "+201009999999" }, "additionalEmails": ["ahmed@example.com"] }),
            json!({ "leadInformation": { "phone": "+201008888888" }, "leadDescription": "call +201001234567 or ahmed@example.com" }),
        ]
        .iter()
        .enumerate()
        {
            site.enqueue(&person(number, lead)).unwrap();
        }
        // Another body under a known id is searched as well.
        site.enqueue(&person(3, &json!({ "leadInformation": { "phone": "+201007777777" } })))
            .unwrap();
        let phone = |phone: &str| {
            search(&site, LeadQuery { phone: Some(phone.into()), ..LeadQuery::default() })
        };
        let both = [submission(1), submission(0)];
        for text in ["+201001234567", "1001234567"] {
            assert!(phone(text).contains(&submission(0)), "{text}");
        }
        assert_eq!(phone("01001234567"), both);
        assert_eq!(phone("123 45 67"), both);
        assert_eq!(phone("+201007777777"), [submission(3)]);
        assert!(phone("+201000000000").is_empty());
        let email = LeadQuery { email: Some(" AHMED@example.com".into()), ..LeadQuery::default() };
        assert_eq!(search(&site, email), [submission(2), submission(0)]);
        let id = LeadQuery { submission_id: Some(submission(2)), ..LeadQuery::default() };
        assert_eq!(search(&site, id), [submission(2)]);
        let (from, to) = (Some(site.now().wall + 1_000.0), Some(site.now().wall + 2_000.0));
        assert!(search(&site, LeadQuery { from, ..LeadQuery::default() }).is_empty());
        assert_eq!(search(&site, LeadQuery { to, ..LeadQuery::default() }).len(), 4);
    });
}

#[test]
fn a_bulk_command_changes_nothing_unless_the_number_is_right() {
    simulated(async {
        let fake = crm(|_| rejected(400), empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..3 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.enqueue(&Enqueue { hold: true, ..page_lead(9) }).unwrap();
        site.work_until_idle(1_000.0).await;
        let run = |command: &BulkCommand| site.outbox.command_all(command, site.now()).unwrap();
        let drop = |count| BulkCommand { count, ..bulk(CommandName::Drop, "refused") };
        assert_eq!(run(&drop(Some(4.0))), BulkResult { count: 3, done: false });
        assert_eq!(entry(&site, 1).reason.as_deref(), Some("refused"));
        assert_eq!(run(&drop(Some(3.0))), BulkResult { count: 3, done: true });
        assert_eq!(entry(&site, 1).reason.as_deref(), Some("dropped"));
        // What was dropped has no text any more, so it does not match again.
        assert_eq!(run(&drop(Some(0.0))), BulkResult { count: 0, done: true });
        let release = bulk(CommandName::Release, "challenge");
        assert_eq!(run(&release), BulkResult { count: 1, done: true });
        assert_eq!(entry(&site, 9).state, LeadState::Pending);
    });
}

#[test]
fn the_audit_log_has_every_command_that_changed_something() {
    simulated(async {
        let site = site(&crm(|_| created(), empty_lookup), OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        let command = |command, number| {
            let command = Command {
                command,
                submission_id: submission(number),
                token: "admin:0a1b2c3d".into(),
            };
            site.outbox.command(&command, site.now()).unwrap()
        };
        assert!(!command(CommandName::Release, 1));
        assert!(!command(CommandName::Erase, 2));
        assert!(command(CommandName::Erase, 1));
        site.outbox.command_all(&bulk(CommandName::Replay, "refused"), site.now()).unwrap();
        let entries = site.outbox.audit(&AuditQuery::default()).unwrap().entries;
        let seen: Vec<_> = entries
            .iter()
            .map(|entry| (entry.action.as_str(), entry.submission_id.clone(), entry.count))
            .collect();
        assert_eq!(seen, [("replay", None, Some(0)), ("erase", Some(submission(1)), None)]);
        assert!((entries[0].at - site.now().wall).abs() < 1_000.0);
        // It is paginated, and what is long ago goes.
        let first = AuditQuery { limit: Some(1.0), after: None };
        let page = site.outbox.audit(&first).unwrap();
        let rest = site.outbox.audit(&AuditQuery { after: page.next, limit: None }).unwrap();
        assert_eq!((page.entries.len(), rest.entries.len()), (1, 1));
        site.database.rows("UPDATE audit SET seq = seq + 10000", &[]).unwrap();
        command(CommandName::Erase, 1);
        site.database
            .rows(
                "UPDATE audit SET seq = seq + 10000 WHERE seq = (SELECT MAX(seq) FROM audit)",
                &[],
            )
            .unwrap();
        command(CommandName::Erase, 1);
        assert_eq!(site.outbox.audit(&AuditQuery::default()).unwrap().entries.len(), 2);
    });
}
