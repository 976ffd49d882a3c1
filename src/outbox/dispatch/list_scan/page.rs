//! The pages of a scan, compared with the leads in the outbox.

use crate::json::value::Json;
use crate::list::page::{record_key, records, total};
use crate::outbox::Outbox;
use crate::outbox::settings::DAY;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};
use crate::request::absence::AbsenceProof;
use crate::request::settings::CallSettings;
use crate::request::submission::is_submission_id;
use crate::text::timestamp::timestamp;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// How many records are compared in one statement.
const BATCH_SIZE: usize = 50;

/// A page of the CRM's list, as plain data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanPage {
    pub(super) records: Vec<ScanRecord>,
    pub(super) total: Option<f64>,
    pub(super) date: Option<f64>,
}

/// A record of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanRecord {
    pub(super) key: String,
    crm_id: Option<String>,
    pub(super) submission_id: Option<String>,
    pub(super) has_field: bool,
    pub(super) created_at: Option<f64>,
}

impl ScanPage {
    /// The page in a response with this `Date`.
    pub(in crate::outbox) fn from_response<V: Json>(
        body: Option<V>,
        date: Option<f64>,
        crm: &CallSettings,
    ) -> Self {
        let list = body.as_ref().and_then(|body| records(body, "leads", crm.items_key.as_deref()));
        let items = list.and_then(|list| list.items()).unwrap_or_default();
        let record = |lead: &V| {
            let id = crm.submission_field.id_in(lead);
            ScanRecord {
                key: format!("{:x}", record_key(lead)),
                crm_id: lead.member("_id").and_then(|id| id.string()),
                has_field: id.is_some(),
                submission_id: id.filter(|id| is_submission_id(id)),
                created_at: lead.member("createdAt").and_then(|at| timestamp(&at.string()?)),
            }
        };
        let total = body.as_ref().and_then(total);
        Self { records: items.iter().map(record).collect(), total, date }
    }
}

impl<S: Store> Outbox<S> {
    /// The keys of a page's records that no earlier page contained.
    pub(super) fn new_records(
        &self,
        proof: &AbsenceProof,
        page: &ScanPage,
    ) -> Result<Vec<String>, StoreUnavailable> {
        let number = proof.pages;
        if number == 0 {
            self.execute("DELETE FROM walk_records", &[])?;
        }
        for records in page.records.chunks(BATCH_SIZE) {
            let placeholders: Vec<&str> = records.iter().map(|_| "(?, ?)").collect();
            let sql = "INSERT OR IGNORE INTO walk_records (record, page) VALUES ";
            let params: Vec<SqlValue> = records
                .iter()
                .flat_map(|record| [SqlValue::from(record.key.as_str()), number.into()])
                .collect();
            self.execute(&[sql, &placeholders.join(", ")].concat(), &params)?;
        }
        // A process that died may have inserted some of them before.
        let sql = "SELECT record FROM walk_records WHERE page = ?";
        let rows = self.execute(sql, params![number])?;
        Ok(rows.iter().filter_map(|row| row.text(0).map(String::from)).collect())
    }

    /// Marks the unconfirmed leads on a page as delivered. Returns the page's leads that were confirmed
    /// before, with the numbers of their confirmations.
    pub(super) fn confirm_listed_leads(
        &self,
        state: &OutboxState,
        page: &ScanPage,
        now: f64,
    ) -> Result<Vec<(String, f64)>, StoreUnavailable> {
        let ids: Vec<(&str, Option<&str>)> = page
            .records
            .iter()
            .filter_map(|record| Some((record.submission_id.as_deref()?, record.crm_id.as_deref())))
            .collect();
        let mut confirmed = Vec::new();
        let mut confirmation = state.confirmations;
        for ids in ids.chunks(BATCH_SIZE) {
            let placeholders: Vec<&str> = ids.iter().map(|_| "?").collect();
            let sql = format!(
                "SELECT id, confirmation, state = 'unconfirmed' OR state = 'pending' AND attempts > 0 OR \
                 state = 'held' AND reason IN \
                 ('absence_unproven', 'unconfirmed_response', 'lookup_forbidden', 'ambiguous') \
                 FROM leads WHERE id IN ({})",
                placeholders.join(", ")
            );
            let params: Vec<SqlValue> = ids.iter().map(|(id, _)| SqlValue::from(*id)).collect();
            for row in self.execute(&sql, &params)? {
                let Some(id) = row.text(0) else {
                    continue;
                };
                if let Some(number) = row.number(1) {
                    confirmed.push((id.into(), number));
                } else if row.number(2) == Some(1.0) {
                    confirmation += 1.0;
                    let crm_id =
                        ids.iter().find(|(known, _)| *known == id).and_then(|found| found.1);
                    self.execute(
                        "UPDATE leads SET state = 'delivered', reason = NULL, next_at = ?, \
                         updated_at = ?, crm_id = ?, confirmation = ?, claim = claim + 1 \
                         WHERE id = ?",
                        params![
                            self.proven(now) + self.settings.retention.delivered * DAY,
                            self.proven(now),
                            crm_id,
                            confirmation,
                            id
                        ],
                    )?;
                    self.count("leads_delivered_total")?;
                }
            }
        }
        self.finish_erasures(now)?;
        Ok(confirmed)
    }
}
