//! The client's rate limit: two sliding windows and a FIFO queue.
//!
//! Requests are not paced: one that neither window forbids is sent at once. A request counts from
//! its start until a whole window after its *end*, because the CRM may have counted it at any time in
//! between.
//!
//! Waiters share this state but never wake each other, because an edge worker may not resume one
//! request from another request's events. Each sleeps for as long as [`Limiter::poll`] says and polls again.

use alloc::vec::Vec;

/// How many requests each window allows. The default is what the vendor publishes for standard
/// endpoints: 480 per minute and 4,800 per hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Requests per minute.
    pub per_minute: u32,
    /// Requests per hour.
    pub per_hour: u32,
    /// The length of a minute in milliseconds; tests shorten it.
    #[doc(hidden)]
    pub minute: f64,
}

impl Rates {
    /// Rates with these numbers of requests per minute and per hour.
    #[must_use]
    pub const fn new(per_minute: u32, per_hour: u32) -> Self {
        Self { per_minute, per_hour, minute: 60_000.0 }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self { per_minute: 480, per_hour: 4_800, minute: 60_000.0 }
    }
}

/// A position in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u64);

/// The result of [`Limiter::poll`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Poll {
    /// Send the request now. It is counted; call [`Limiter::release`] when it has ended.
    Ready,
    /// Poll again after the first number of milliseconds; the second is the expected wait.
    Wait(f64, f64),
    /// The CRM rejects requests for this many more milliseconds.
    Closed(f64),
}

/// The windows and the queue.
#[derive(Debug)]
pub struct Limiter {
    rates: Rates,
    /// When each request of the last hour ended, oldest first.
    ended: Vec<f64>,
    /// When each request under way started, oldest first.
    under_way: Vec<f64>,
    closed_until: f64,
    /// The waiters in order, and when each of them polls again.
    queue: Vec<(Ticket, f64)>,
    next_ticket: u64,
}

impl Limiter {
    /// A limiter that counts requests that ended at these times, oldest first.
    #[must_use]
    pub fn new(rates: Rates, ended: impl IntoIterator<Item = f64>) -> Self {
        Self {
            rates,
            ended: ended.into_iter().collect(),
            under_way: Vec::new(),
            closed_until: f64::NEG_INFINITY,
            queue: Vec::new(),
            next_ticket: 0,
        }
    }

    /// Joins the queue.
    pub fn enqueue(&mut self, now: f64) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.queue.push((ticket, now));
        ticket
    }

    /// Whether the holder of a ticket may send its request now, or how long it waits.
    pub fn poll(&mut self, ticket: Ticket, now: f64) -> Poll {
        if self.closed_until > now {
            let due = self.closed_until;
            self.queue.iter_mut().for_each(|waiting| waiting.1 = waiting.1.max(due));
            return Poll::Closed(due - now);
        }
        let hour = self.rates.minute * 60.0;
        for times in [&mut self.ended, &mut self.under_way] {
            let expired = times.iter().take_while(|&&time| time + hour <= now).count();
            times.drain(..expired);
        }
        // An edge worker stops the call of a visitor who left without notifying the limiter.
        let minute = self.rates.minute;
        let is_gone = |&(waiting, due): &(Ticket, f64)| waiting != ticket && due + minute <= now;
        while self.queue.first().is_some_and(is_gone) {
            self.queue.remove(0);
        }
        let position = self.position(ticket).unwrap_or(0);
        let mut free_at = self
            .free_at(self.rates.per_minute, self.rates.minute, position, now)
            .max(self.free_at(self.rates.per_hour, hour, position, now));
        let mut sleep = minute / 60.0;
        // Earlier waiters go first, because timers that are due together fire in any order. One that is
        // late by a second may have been dropped.
        if self.queue.iter().take(position).any(|&(_, due)| due + sleep > now) {
            free_at = free_at.max(now + sleep / 100.0);
        }
        if free_at > now {
            // A waiter that is not the first polls every second: it moves up when an earlier one cancels.
            if position == 0 {
                sleep = f64::INFINITY;
            }
            let wait = (free_at - now).min(sleep);
            self.queue.get_mut(position).into_iter().for_each(|waiting| waiting.1 = now + wait);
            return Poll::Wait(wait, free_at - now);
        }
        self.cancel(ticket);
        self.under_way.push(now);
        Poll::Ready
    }

    /// Leaves the queue.
    pub fn cancel(&mut self, ticket: Ticket) {
        if let Some(position) = self.position(ticket) {
            self.queue.remove(position);
        }
    }

    /// How many waiters precede the holder of a ticket. A binary search, because thousands of waiters
    /// may poll every second.
    fn position(&self, ticket: Ticket) -> Option<usize> {
        self.queue.binary_search_by_key(&ticket.0, |waiting| waiting.0.0).ok()
    }

    /// Records that a request has ended, whatever its outcome.
    pub fn release(&mut self, now: f64) {
        if !self.under_way.is_empty() {
            self.under_way.remove(0);
        }
        self.ended.push(now);
    }

    /// Stops all requests for this many milliseconds after a 429, but for an hour at most: no window is
    /// longer, and a wrong header must not stop a process forever.
    pub fn close(&mut self, now: f64, wait: f64) {
        let until = now + wait.min(self.rates.minute * 60.0);
        self.closed_until = self.closed_until.max(until);
    }

    /// When a window allows the request at this position of the queue; now or earlier if it does
    /// already.
    fn free_at(&self, limit: u32, length: f64, position: usize, now: f64) -> f64 {
        let counted = self.ended.len() + self.under_way.len() + position + 1;
        let Some(excess) = counted.checked_sub(limit as usize).filter(|&excess| excess > 0) else {
            return now;
        };
        // So many requests must leave the window first. One under way has not even ended.
        self.ended.get(excess - 1).map_or(now + length, |end| end + length)
    }
}

#[cfg(test)]
mod tests;
