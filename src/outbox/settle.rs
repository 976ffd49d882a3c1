//! What came of a job, written down.

use super::claim::{Job, Kind};
use super::contract::{Alert, State};
use super::exchange::Verdict;
use super::facts::Facts;
use super::park::UNREACHABLE;
use super::settings::{Ambiguous, DAY};
use super::store::{Store, Unavailable, params};
use super::{Error, LONGEST_BACKOFF, Outbox, backoff};

/// What becomes of a lead.
struct Change<'a> {
    state: State,
    reason: Option<&'a str>,
    status: Option<u16>,
    next_at: f64,
    looks: u32,
    failures: u32,
    crm_id: Option<&'a str>,
}

impl<S: Store> Outbox<S> {
    /// Writes down what came of a job. `chance` is from 0 up to 1.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach. The lead then counts as claimed for some time, and as
    /// unsure afterwards.
    pub fn settle(&self, job: &Job, verdict: &Verdict, now: f64, chance: f64) -> Result<(), Error> {
        let facts = self.facts()?;
        self.count(match job.kind {
            Kind::Send => "sends_total",
            Kind::Look => "looks_total",
        })?;
        let change = self.change(&facts, job, verdict, now, chance)?;
        // An answer that comes after its claim was given up is the truth all the same, unless
        // there is a later claim.
        let settled = self.row(
            "UPDATE leads SET state = ?, reason = ?, status = COALESCE(?, status), next_at = ?, \
             updated_at = ?, looks = ?, failures = ?, crm_id = COALESCE(?, crm_id) \
             WHERE id = ? AND claim = ? AND state IN ('inflight', 'looking', 'unsure') \
             RETURNING erased",
            params![
                change.state.name(),
                change.reason,
                change.status.map(u32::from),
                change.next_at,
                now,
                change.looks,
                change.failures,
                change.crm_id,
                job.id.as_str(),
                job.claim
            ],
        )?;
        let Some(settled) = settled else {
            return Ok(());
        };
        if settled.number(0) == Some(1.0) {
            self.finish_erasures(now)?;
        }
        match change.state {
            State::Done => self.count("leads_done_total")?,
            State::Dead => {
                self.count("leads_dead_total")?;
                let submission_id = job.id.clone();
                self.alert(Alert::Dead { submission_id, status: change.status });
            }
            _ => {}
        }
        Ok(())
    }

    /// What becomes of a job's lead, and what follows for the others.
    fn change<'a>(
        &self,
        facts: &Facts,
        job: &Job,
        verdict: &'a Verdict,
        now: f64,
        chance: f64,
    ) -> Result<Change<'a>, Unavailable> {
        let (looking, tried) = (job.kind == Kind::Look, job.tries);
        let failures = job.failures + 1;
        let delay = backoff(failures, LONGEST_BACKOFF, chance);
        let again = backoff(job.attempts, LONGEST_BACKOFF, chance);
        let same = if looking { State::Unsure } else { State::Ready };
        let base = Change {
            state: same,
            reason: None,
            status: None,
            next_at: now,
            looks: job.looks,
            failures: 0,
            crm_id: None,
        };
        Ok(match verdict {
            Verdict::Made(crm_id) => {
                self.reached(facts, tried, !looking, now)?;
                if looking {
                    self.may_look(facts, now)?;
                }
                let next_at = now + self.settings.retention.done * DAY;
                Change { state: State::Done, next_at, crm_id: crm_id.as_deref(), ..base }
            }
            Verdict::Absent => {
                self.reached(facts, tried, false, now)?;
                self.may_look(facts, now)?;
                let looks = job.looks + 1;
                if (looks as usize) < self.settings.settle.len() {
                    let next_at = now + self.settle_wait(looks);
                    Change { looks, next_at, ..base }
                } else {
                    // Whatever makes the CRM fail each time is not to take all there is to send with.
                    let next_at = now + again;
                    Change { state: State::Ready, looks: 0, next_at, ..base }
                }
            }
            Verdict::Refused(status) => {
                let status = Some(*status);
                if self.refused(facts, &job.id, tried, now, chance)? {
                    // Another one is to try first.
                    let next_at = now + delay;
                    return Ok(Change {
                        reason: Some("refused"),
                        status,
                        next_at,
                        failures,
                        ..base
                    });
                }
                let next_at = self.expiry_warning(now);
                Change { state: State::Dead, reason: Some("refused"), status, next_at, ..base }
            }
            Verdict::Invalid => {
                let next_at = self.expiry_warning(now);
                Change { state: State::Dead, reason: Some("invalid"), next_at, ..base }
            }
            Verdict::Limited(wait) => {
                self.answered(facts, tried, now)?;
                let until = now + wait.unwrap_or(delay);
                if until > facts.closed_until {
                    self.set(&[("closed_until", until.into())])?;
                }
                // The lead itself has not failed: it goes first when the CRM listens again.
                let failures = if wait.is_some() { job.failures } else { failures };
                let next_at = until;
                Change { reason: Some("limited"), status: Some(429), next_at, failures, ..base }
            }
            Verdict::Unsent => {
                self.not_reached(facts, tried, now, chance)?;
                Change { reason: Some(UNREACHABLE), next_at: now + delay, failures, ..base }
            }
            Verdict::Unknown { status, retry_after } => {
                self.not_reached(facts, tried, now, chance)?;
                let wait = retry_after.unwrap_or(0.0);
                self.unsure(base, "unknown", *status, wait, again)
            }
            Verdict::Misconfigured { reason, status, ambiguous } => {
                self.park(facts, (reason, *status), tried, now, chance)?;
                if *ambiguous {
                    self.unsure(base, reason, *status, 0.0, again)
                } else {
                    Change { reason: Some(reason), status: *status, ..base }
                }
            }
            Verdict::MayNotLook(status) => {
                if tried && facts.park_status == Some(f64::from(*status)) {
                    // Nothing new: the key is refused as it was.
                    let reason = facts.parked.as_deref().unwrap_or_default();
                    self.park(facts, (reason, Some(*status)), tried, now, chance)?;
                    return Ok(Change { reason: Some("unknown"), ..base });
                }
                self.answered(facts, tried, now)?;
                if facts.reconcile.as_deref() != Some("unavailable") {
                    self.set(&[("reconcile", "unavailable".into())])?;
                    self.alert(Alert::ReconcileUnavailable { status: *status });
                }
                let next_at = self.expiry_warning(now);
                let (reason, status) = (Some("may_not_look"), Some(*status));
                Change { state: State::Held, reason, status, next_at, ..base }
            }
            Verdict::LookFailed { status, retry_after } => {
                self.not_reached(facts, tried, now, chance)?;
                let next_at = now + retry_after.unwrap_or(delay);
                Change { reason: Some("look_failed"), status: *status, next_at, failures, ..base }
            }
            Verdict::Inconclusive => {
                self.answered(facts, tried, now)?;
                Change { reason: Some("inconclusive"), next_at: now + delay, failures, ..base }
            }
            Verdict::Starved(until) => Change { next_at: *until, failures: job.failures, ..base },
        })
    }

    /// The CRM may have the lead or not.
    fn unsure<'a>(
        &self,
        base: Change<'a>,
        reason: &'a str,
        status: Option<u16>,
        wait: f64,
        again: f64,
    ) -> Change<'a> {
        let settle = match self.settings.ambiguous {
            Ambiguous::Reconcile => self.settle_wait(0),
            Ambiguous::Resend => again,
            Ambiguous::Hold => 0.0,
        };
        let next_at = base.next_at + settle.max(wait);
        Change { state: State::Unsure, reason: Some(reason), status, next_at, looks: 0, ..base }
    }

    /// The key may look.
    fn may_look(&self, facts: &Facts, now: f64) -> Result<(), Unavailable> {
        if facts.reconcile.as_deref() == Some("available") {
            return Ok(());
        }
        self.set(&[("reconcile", "available".into())])?;
        self.look_again(now)
    }
}
