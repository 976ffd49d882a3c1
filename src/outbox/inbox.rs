//! Leads arriving: each is on disk before it is acknowledged, once under its id.

use super::contract::{Accepted, Arrival, Knock, Knocked, State, marks};
use super::facts::list;
use super::rate::Pass;
use super::settings::DAY;
use super::store::{Store, Unavailable, params};
use super::{Error, Outbox};
use crate::submission::is_submission_id;
use alloc::string::String;

/// How many later bodies are kept under one id.
const MOST_REVISIONS: u32 = 5;

impl<S: Store> Outbox<S> {
    /// Counts a request and tells whether its lead is known, before anything dear is done for it.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach, or the id is none.
    pub fn knock(&self, knock: &Knock, now: f64) -> Result<Knocked, Error> {
        let marked = match knock.rate.as_ref().map(|rate| self.pass(rate, now)).transpose()? {
            Some(Pass::Out(retry_after_ms)) => return Ok(Knocked::Limited { retry_after_ms }),
            Some(Pass::In { marked }) => marked,
            None => false,
        };
        let origin = knock.form.as_ref().map(|form| form.origin.as_str());
        let submission_id =
            self.id(knock.submission_id.as_deref(), origin, &knock.canonical, now)?;
        Ok(match self.known(&submission_id)? {
            None => Knocked::New { submission_id, marked },
            Some(digest) if digest == self.digest(&knock.canonical) => {
                self.count("leads_repeated_total")?;
                Knocked::Same { submission_id, marked }
            }
            Some(_) => Knocked::Conflict { submission_id, marked },
        })
    }

    /// Takes a lead in.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach, or the id is none.
    pub fn put(&self, arrival: &Arrival, now: f64) -> Result<Accepted, Error> {
        let marked = match arrival.rate.as_ref().map(|rate| self.pass(rate, now)).transpose()? {
            Some(Pass::Out(retry_after_ms)) => return Ok(Accepted::Limited { retry_after_ms }),
            Some(Pass::In { marked }) => marked,
            None => false,
        };
        let origin = Some(arrival.origin.as_str());
        let taken = arrival.at.unwrap_or(now);
        let id = self.id(arrival.submission_id.as_deref(), origin, &arrival.canonical, taken)?;
        let digest = self.digest(&arrival.canonical);
        let mut marks = arrival.marks.clone();
        if marked && !marks.iter().any(|mark| mark == "rate") {
            marks.push("rate".into());
        }
        // Held leads have no date but that of their end.
        let (state, reason, next_at) = if arrival.hold {
            (State::Held, Some("challenge"), self.expiry_warning(now))
        } else {
            (State::Ready, None, now)
        };
        let inserted = self.exec(
            "INSERT INTO leads (id, state, reason, created_at, updated_at, next_at, origin, \
             digest, marks, lead, custom, dropped, warnings) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING RETURNING seq",
            params![
                id.as_str(),
                state.name(),
                reason,
                now,
                now,
                next_at,
                arrival.origin.as_str(),
                digest.as_str(),
                list(&marks),
                arrival.lead.as_str(),
                arrival.custom.as_str(),
                arrival.dropped.as_deref(),
                arrival.warnings.as_deref(),
            ],
        )?;
        if !inserted.is_empty() {
            return Ok(Accepted::Accepted { submission_id: id });
        }
        if self.known(&id)?.is_none_or(|known| known == digest) {
            self.count("leads_repeated_total")?;
            return Ok(Accepted::Accepted { submission_id: id });
        }
        self.revise(&id, &digest, &arrival.lead, now)?;
        Ok(Accepted::Conflict { submission_id: id })
    }

    /// The id of what arrived.
    fn id(
        &self,
        given: Option<&str>,
        origin: Option<&str>,
        canonical: &str,
        now: f64,
    ) -> Result<String, Error> {
        match (given, origin) {
            (Some(id), _) if is_submission_id(id) => Ok(id.into()),
            (None, Some(origin)) => Ok(self.form_id(origin, canonical, now)?),
            _ => Err(Error::Malformed),
        }
    }

    /// The digest of the body under an id.
    fn known(&self, id: &str) -> Result<Option<String>, Unavailable> {
        let row = self.row("SELECT digest FROM leads WHERE id = ?", params![id])?;
        Ok(row.and_then(|row| row.text(0).map(Into::into)))
    }

    /// Keeps another body under a known id.
    fn revise(&self, id: &str, digest: &str, lead: &str, now: f64) -> Result<(), Unavailable> {
        let Some(known) =
            self.row("SELECT marks, erased, state FROM leads WHERE id = ?", params![id])?
        else {
            return Ok(());
        };
        let mut marks = marks(known.text(0));
        if !marks.iter().any(|mark| mark == "conflict") {
            marks.push("conflict".into());
            self.count("leads_conflict_total")?;
        }
        let marked = params![list(&marks), now, id];
        self.exec("UPDATE leads SET marks = ?, updated_at = ? WHERE id = ?", marked)?;
        // A person who asked to be erased is not stored again.
        if known.number(1) != Some(0.0) {
            return Ok(());
        }
        self.exec(
            "INSERT OR REPLACE INTO revisions (id, digest, at, lead) VALUES (?, ?, ?, ?)",
            params![id, digest, now, lead],
        )?;
        self.exec(
            "DELETE FROM revisions WHERE id = ? AND digest NOT IN \
             (SELECT digest FROM revisions WHERE id = ? ORDER BY at DESC LIMIT ?)",
            params![id, id, MOST_REVISIONS],
        )?;
        // Where the lead's own body is gone already, this one is to go in its time too.
        self.exec(
            "UPDATE leads SET next_at = MIN(next_at, ?) \
             WHERE id = ? AND lead IS NULL AND state IN ('done', 'dead')",
            params![now + self.settings.retention.done * DAY, id],
        )
        .map(drop)
    }
}
