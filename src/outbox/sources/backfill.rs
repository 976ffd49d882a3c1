//! Reads the leads of forms at intervals: platforms lose some of their deliveries.

use super::graph::{ResponseClass, classify};
use super::outcome::{event_with_lead, has_answers};
use super::{BackfillForm, HOUR, LEASE, SourceSettings};
use crate::json::Node;
use crate::json::object;
use crate::json::quote;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::clock::Reading;
use crate::outbox::contract::{BackfillPage, SourceEvent, SourceJob};
use crate::outbox::settings::DAY;
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use alloc::vec::Vec;

/// The overlap of readings: a lead may appear in lists after its creation time, and clocks differ.
const OVERLAP: f64 = HOUR;

/// The content of a page.
#[derive(Default)]
struct Leads {
    events: Vec<SourceEvent>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

impl<S: Store> Outbox<S> {
    /// When a form is read next. A form that was just configured is read from now on.
    pub(super) fn backfill_due(
        &self,
        source: &SourceSettings,
        form: &BackfillForm,
        now: f64,
    ) -> Result<f64, StoreUnavailable> {
        let known = self.query_row(
            "SELECT next_at FROM backfills WHERE source = ? AND form = ?",
            params![source.name.as_str(), form.form.as_str()],
        )?;
        if let Some(at) = known.and_then(|row| row.number(0)) {
            return Ok(at);
        }
        // A renamed source keeps its position.
        let at = now + source.backfill_interval;
        self.execute(
            "INSERT INTO backfills (source, form, since, next_at) VALUES (?, ?, \
             COALESCE((SELECT MIN(since) FROM backfills WHERE form = ?), ?), ?)",
            params![
                source.name.as_str(),
                form.form.as_str(),
                form.form.as_str(),
                self.date(now) - OVERLAP,
                at
            ],
        )?;
        Ok(at)
    }

    /// The date of a time.
    fn date(&self, now: f64) -> f64 {
        let [date_offsets, _] = self.date_offsets();
        now + date_offsets
    }

    /// Claims the next page of a form.
    pub(super) fn start_backfill(
        &self,
        source: &SourceSettings,
        form: &BackfillForm,
        now: f64,
    ) -> Result<SourceJob, StoreUnavailable> {
        let date = self.date(now);
        let row = self.query_row(
            "UPDATE backfills SET leased = 1, next_at = ?, began = COALESCE(began, ?) \
             WHERE source = ? AND form = ? RETURNING since, after",
            params![now + LEASE, date, source.name.as_str(), form.form.as_str()],
        )?;
        let since = row.as_ref().and_then(|row| row.number(0)).unwrap_or(date);
        // Not further back than ids are kept, since older leads would count as new; and the clock
        // may have been set back.
        let since = since.max(date - self.settings.retention.ids * DAY).min(date - OVERLAP);
        Ok(SourceJob::Backfill {
            source: source.name.clone(),
            form: form.form.clone(),
            account: form.account.clone(),
            since: (since / 1_000.0) as u32 as f64,
            after: row.and_then(|row| row.text(1).map(String::from)),
        })
    }

    /// Records a page of a form's leads: those that are not known are stored.
    ///
    /// # Errors
    ///
    /// If the store is unavailable or the kind is malformed.
    pub fn record_backfill(
        &self,
        page: &BackfillPage,
        reading: impl Into<Reading>,
        jitter: f64,
    ) -> Result<(), OutboxError> {
        let now = self.time(reading);
        let account = self.account(&page.source, &page.account)?;
        let (class, code) = classify(&page.response);
        let body = page.response.body.as_deref().and_then(Node::parse);
        let leads =
            body.filter(|_| class == ResponseClass::Success).and_then(|body| read(body, page));
        let Some(Leads { events, next }) = leads else {
            let until = match class {
                ResponseClass::Denied(reason) => {
                    self.pause_account(&account, reason, code, now, jitter)?;
                    now
                }
                ResponseClass::RateLimited => {
                    let wait = page.response.retry_after_ms.unwrap_or(0.0);
                    self.close_account(&account, wait, now, jitter)?
                }
                _ => now,
            };
            return Ok(self.fail_backfill(page, until, now, jitter)?);
        };
        self.resume_account(&account, now)?;
        let result = self.insert_events(&page.source, &page.kind, &events, now)?;
        if let Some(retry_after) = result.retry_after_ms {
            // The page is read again once there is space.
            let at = now + retry_after;
            let sql = "UPDATE backfills SET leased = 0, next_at = ? WHERE source = ? AND form = ?";
            self.execute(sql, params![at, page.source.as_str(), page.form.as_str()])?;
            return Ok(());
        }
        self.execute(
            "UPDATE sources SET backfilled = backfilled + ? WHERE name = ? AND account = ''",
            params![result.stored, page.source.as_str()],
        )?;
        let interval = self.settings.sources.iter().find(|source| source.name == page.source);
        let interval = interval.map_or(HOUR, |source| source.backfill_interval);
        let is_last = next.is_none();
        self.execute(
            "UPDATE backfills SET leased = 0, failures = 0, after = ?, next_at = ?, \
             since = CASE ? WHEN 1 THEN COALESCE(began, since + ?) - ? ELSE since END, \
             began = CASE ? WHEN 1 THEN NULL ELSE began END WHERE source = ? AND form = ?",
            params![
                next,
                if is_last { now + interval } else { now },
                is_last,
                OVERLAP,
                OVERLAP,
                is_last,
                page.source.as_str(),
                page.form.as_str()
            ],
        )?;
        Ok(())
    }

    /// Tries again later, from the first page if a cursor may be the cause.
    fn fail_backfill(
        &self,
        page: &BackfillPage,
        until: f64,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let sql = "SELECT failures FROM backfills WHERE source = ? AND form = ?";
        let of = params![page.source.as_str(), page.form.as_str()];
        let failures = self.query_row(sql, of)?.map_or(0, |row| row.count(0)) + 1;
        let at = until.max(now + backoff(failures, MAX_BACKOFF, jitter));
        self.review_soon();
        self.execute(
            "UPDATE backfills SET leased = 0, failures = ?, next_at = ?, \
             after = CASE WHEN ? > 2 THEN NULL ELSE after END WHERE source = ? AND form = ?",
            &[
                SqlValue::from(failures),
                SqlValue::from(at),
                SqlValue::from(failures),
                SqlValue::from(page.source.as_str()),
                SqlValue::from(page.form.as_str()),
            ],
        )
        .map(drop)
    }
}

/// The leads of a page in the form of fetched ones; `None` if it is not a page of leads.
fn read(body: Node<'_>, page: &BackfillPage) -> Option<Leads> {
    let form = quote(&page.form);
    let change = object(&[("\"form_id\"", form.as_str())]);
    let mut leads = Leads::default();
    for lead in body.member("data")?.items() {
        let id = lead.member("id")?;
        let id: String = id.string().map_or_else(|| id.text().into(), Into::into);
        // A lead without answers is fetched individually.
        let thin = !has_answers(Some(lead.text()));
        let data = if thin {
            object(&[("\"leadgen_id\"", quote(&id).as_str()), ("\"form_id\"", form.as_str())])
        } else {
            event_with_lead(&change, lead.text())
        };
        let account = page.account.clone();
        leads.events.push(SourceEvent { id: Some(id), account, data, thin, marks: Vec::new() });
    }
    let paging = body.member("paging");
    leads.next = paging.and_then(|paging| {
        paging.member("next")?;
        paging.member("cursors")?.member("after")?.string().map(Into::into)
    });
    Some(leads)
}
