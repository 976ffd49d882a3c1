//! What is to be done next: a lead is claimed, in the store, before anything is done with it.

use super::contract::{State, marks};
use super::facts::Facts;
use super::permits::Permit;
use super::settings::Ambiguous;
use super::store::{Row, Store, Unavailable, params};
use super::{Error, Outbox};
use alloc::string::String;
use alloc::vec::Vec;

/// What a lane is to do next.
#[derive(Clone, Debug)]
pub enum Next {
    /// This.
    Job(Job),
    /// Nothing before this time; infinite where there is nothing to wait for. Nothing, too, while
    /// other lanes are at work: whoever ends last asks last.
    Wait(f64),
}

/// A claimed lead, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whether it is sent or looked for.
    pub kind: Kind,
    /// The submission id.
    pub id: String,
    /// Which claim it is.
    pub(super) claim: f64,
    /// How often it was sent, this time included.
    pub(super) attempts: u32,
    /// How many exchanges for this lead have come to nothing in a row.
    pub(super) failures: u32,
    /// How many looks have not found it.
    pub(super) looks: u32,
    /// Whether it is the one that tries whether something is over.
    pub(super) tries: bool,
    pub(super) permit: Permit,
    pub(super) lead: String,
    pub(super) custom: String,
    pub(super) marks: Vec<String>,
}

/// What is done with a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is sent.
    Send,
    /// The CRM is asked for it.
    Look,
}

/// When something is due for the first lead of each kind.
struct Due {
    ready: f64,
    unsure: f64,
    /// The end of the first claim.
    claimed: f64,
    /// What is kept of a lead that is over.
    kept: f64,
}

impl<S: Store> Outbox<S> {
    /// Claims the next lead that may be sent or looked for now, or tells when to ask again.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn next(&self, now: f64) -> Result<Next, Error> {
        let mut due = self.due()?;
        if due.claimed <= now {
            self.abandon(now, now)?;
            due = self.due()?;
        }
        if due.kept <= now {
            self.keep(now)?;
            due = self.due()?;
        }
        if due.unsure <= now && self.settings.ambiguous != Ambiguous::Reconcile {
            self.decide(now)?;
            due = self.due()?;
        }
        let facts = self.facts()?;
        let waiting = due.ready.min(due.unsure).min(due.claimed);
        let mut wake = due.kept.min(due.claimed).min(self.write_clients(now)?);
        if waiting.is_finite() {
            wake = wake.min(self.watch_age(&facts, now)?);
        }
        let first = due.ready.min(due.unsure);
        if first > now {
            return Ok(Next::Wait(wake.min(first)));
        }
        let tries = facts.parked.is_some();
        let open_at = if tries { facts.park_at } else { 0.0 }.max(facts.closed_until);
        if open_at > now {
            return Ok(Next::Wait(wake.min(open_at)));
        }
        // One lead at a time tries whether it is over.
        if tries && due.claimed.is_finite() {
            return Ok(Next::Wait(wake));
        }
        let permit = match self.permit(now)? {
            Ok(permit) => permit,
            Err(free_at) => return Ok(Next::Wait(wake.min(free_at))),
        };
        // A look leaves no trace, and where the CRM cannot be reached it says as much as a send;
        // of a key that was refused it says nothing.
        let send_first = tries && facts.parked.as_deref() != Some(super::park::UNREACHABLE);
        let kind = if due.unsure > now || send_first && due.ready <= now {
            Kind::Send
        } else {
            Kind::Look
        };
        match self.claim(kind, now)? {
            Some(row) => {
                self.take(permit, now)?;
                Ok(Next::Job(job(kind, &row, permit, tries).ok_or(Error::Unavailable)?))
            }
            None => Ok(Next::Wait(now)),
        }
    }

    fn claim(&self, kind: Kind, now: f64) -> Result<Option<Row>, Unavailable> {
        let (from, to) = match kind {
            Kind::Send => (State::Ready, State::Inflight),
            Kind::Look => (State::Unsure, State::Looking),
        };
        self.row(
            "UPDATE leads SET state = ?, claim = claim + 1, attempts = attempts + ?, \
             updated_at = ?, next_at = ? \
             WHERE state = ? AND seq = \
             (SELECT seq FROM leads WHERE state = ? AND next_at <= ? ORDER BY next_at LIMIT 1) \
             RETURNING id, claim, failures, looks, lead, custom, marks, attempts",
            params![
                to.name(),
                kind == Kind::Send,
                now,
                now + self.lease(kind),
                from.name(),
                from.name(),
                now
            ],
        )
    }

    /// How long a claim holds while nothing is heard of it: longer than any exchange takes.
    fn lease(&self, kind: Kind) -> f64 {
        let exchanges = match kind {
            // With a new token it is two.
            Kind::Send => 2.0,
            Kind::Look => 10.0,
        };
        exchanges * self.settings.timeout + 120_000.0
    }

    fn due(&self) -> Result<Due, Unavailable> {
        let row = self.row(
            "SELECT (SELECT MIN(next_at) FROM leads WHERE state = 'ready'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'unsure'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'inflight'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'looking'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'done'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'dead'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'held')",
            &[],
        )?;
        let row = row.ok_or(Unavailable)?;
        let at = |column| row.number(column).unwrap_or(f64::INFINITY);
        Ok(Due {
            ready: at(0),
            unsure: at(1),
            claimed: at(2).min(at(3)),
            kept: at(4).min(at(5)).min(at(6)),
        })
    }

    /// Makes unsure whatever is claimed until no later than `until`: nobody will say any more what
    /// came of it.
    pub(super) fn abandon(&self, now: f64, until: f64) -> Result<(), Unavailable> {
        // A date that every store can hold.
        let until = until.min(9e15);
        self.exec(
            "UPDATE leads SET state = 'unsure', reason = 'abandoned', updated_at = ?, \
             next_at = CASE state WHEN 'inflight' THEN ? ELSE ? END, \
             looks = CASE state WHEN 'inflight' THEN 0 ELSE looks END \
             WHERE state IN ('inflight', 'looking') AND next_at <= ?",
            params![now, now + self.settle_wait(0), now, until],
        )?;
        self.finish_erasures(now)
    }

    /// How long to wait before the look after so many that have not found the lead.
    pub(super) fn settle_wait(&self, looks: u32) -> f64 {
        self.settings.settle.get(looks as usize).copied().unwrap_or(0.0)
    }

    /// Does what is to be done about unsure leads where the CRM is not to be asked.
    fn decide(&self, now: f64) -> Result<(), Unavailable> {
        let hold = self.settings.ambiguous == Ambiguous::Hold;
        let (state, next_at) =
            if hold { (State::Held, self.expiry_warning(now)) } else { (State::Ready, now) };
        self.exec(
            // What somebody had held and replays is looked for.
            "UPDATE leads SET state = ?, reason = 'ambiguous', next_at = ?, updated_at = ? \
             WHERE state = 'unsure' AND next_at <= ? AND \
             (? = 0 OR reason IN ('unknown', 'abandoned', 'redirect', 'not_json'))",
            params![state.name(), next_at, now, now, hold],
        )
        .map(drop)
    }

    /// Tells when the oldest lead that waits has passed another of the ages somebody should know
    /// of, and when to look at that again.
    fn watch_age(&self, facts: &Facts, now: f64) -> Result<f64, Unavailable> {
        if facts.age_at > now {
            return Ok(facts.age_at);
        }
        self.look_at_age(facts, now)
    }
}

fn job(kind: Kind, row: &Row, permit: Permit, tries: bool) -> Option<Job> {
    let text = |column| row.text(column).unwrap_or_default().into();
    Some(Job {
        kind,
        id: row.text(0)?.into(),
        claim: row.number(1)?,
        failures: row.count(2),
        looks: row.count(3),
        tries,
        permit,
        lead: text(4),
        custom: text(5),
        marks: marks(row.text(6)),
        attempts: row.count(7),
    })
}
