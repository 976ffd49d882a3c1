//! Keeping under the CRM's published limits: two sliding windows and an orderly queue.
//!
//! Nothing is paced: a call that neither window forbids leaves at once. A call counts from when
//! it leaves until a whole window after it *ended*, since the CRM may have counted it at any time
//! in between.
//!
//! Waiters share this state and never each other's wake-ups: an edge worker may not resume one
//! request from another's events. Each sleeps for as long as [`Limiter::poll`] says and asks again.

use alloc::vec::Vec;

/// How many calls a window may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Calls in a minute.
    pub per_minute: u32,
    /// Calls in an hour.
    pub per_hour: u32,
    /// The length of that minute in milliseconds; another in tests alone.
    pub minute: f64,
}

impl Default for Rates {
    /// The limits the vendor publishes for standard endpoints.
    fn default() -> Self {
        Self { per_minute: 480, per_hour: 4_800, minute: 60_000.0 }
    }
}

/// A place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u64);

/// What a waiter is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    /// Leave now. The call is counted; tell [`Limiter::ended`] when it ends.
    Go,
    /// Ask again in so many milliseconds; the turn will come, as far as is known, in so many.
    Wait(f64, f64),
    /// The CRM refuses calls for so many milliseconds yet.
    Closed(f64),
}

/// The windows and the queue.
#[derive(Debug)]
pub struct Limiter {
    rates: Rates,
    /// When each call of the last hour ended, oldest first.
    ended: Vec<f64>,
    /// When each call under way left, oldest first.
    under_way: Vec<f64>,
    closed_until: f64,
    /// Who waits, in order, and when each will have asked again.
    queue: Vec<(Ticket, f64)>,
    next_ticket: u64,
}

impl Limiter {
    /// A limiter that knows of the calls that ended at these times, oldest first.
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

    /// Takes a place at the end of the queue.
    pub fn enter(&mut self, now: f64) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.queue.push((ticket, now));
        ticket
    }

    /// What the holder of a place is to do at this time.
    pub fn poll(&mut self, ticket: Ticket, now: f64) -> Turn {
        if self.closed_until > now {
            let due = self.closed_until;
            self.queue.iter_mut().for_each(|waiting| waiting.1 = waiting.1.max(due));
            return Turn::Closed(due - now);
        }
        let hour = self.rates.minute * 60.0;
        for times in [&mut self.ended, &mut self.under_way] {
            let over = times.iter().take_while(|&&time| time + hour <= now).count();
            times.drain(..over);
        }
        // An edge worker drops the call of a visitor who left without notifying the limiter.
        let minute = self.rates.minute;
        let gone = |&(waiting, due): &(Ticket, f64)| waiting != ticket && due + minute <= now;
        while self.queue.first().is_some_and(gone) {
            self.queue.remove(0);
        }
        let place = self.place(ticket).unwrap_or(0);
        let mut free = self
            .opens(self.rates.per_minute, self.rates.minute, place, now)
            .max(self.opens(self.rates.per_hour, hour, place, now));
        let mut nap = minute / 60.0;
        // Those before are let past, for timers that end together fire in any order; but one that
        // is late by a nap may have been dropped.
        if self.queue.iter().take(place).any(|&(_, due)| due + nap > now) {
            free = free.max(now + nap / 100.0);
        }
        if free > now {
            // One behind others looks again soon: it moves up when one before it gives up.
            if place == 0 {
                nap = f64::INFINITY;
            }
            let wait = (free - now).min(nap);
            self.queue.get_mut(place).into_iter().for_each(|waiting| waiting.1 = now + wait);
            return Turn::Wait(wait, free - now);
        }
        self.leave(ticket);
        self.under_way.push(now);
        Turn::Go
    }

    /// Gives a place up.
    pub fn leave(&mut self, ticket: Ticket) {
        if let Some(place) = self.place(ticket) {
            self.queue.remove(place);
        }
    }

    /// How many stand before the holder of a ticket. Tickets are given in order: thousands of
    /// waiters ask every second, and none may look through all the others.
    fn place(&self, ticket: Ticket) -> Option<usize> {
        self.queue.binary_search_by_key(&ticket.0, |waiting| waiting.0.0).ok()
    }

    /// A call that went has ended, one way or another.
    pub fn ended(&mut self, now: f64) {
        if !self.under_way.is_empty() {
            self.under_way.remove(0);
        }
        self.ended.push(now);
    }

    /// The CRM said "too many": nothing leaves for so many milliseconds, but an hour at most. No
    /// window is longer, and one odd header must not silence a process for good.
    pub fn close(&mut self, now: f64, wait: f64) {
        let until = now + wait.min(self.rates.minute * 60.0);
        self.closed_until = self.closed_until.max(until);
    }

    /// When a window has room for the call with so many before it in the queue; now or before if
    /// it has room already.
    fn opens(&self, most: u32, length: f64, place: usize, now: f64) -> f64 {
        let counted = self.ended.len() + self.under_way.len() + place + 1;
        let Some(excess) = counted.checked_sub(most as usize).filter(|&excess| excess > 0) else {
            return now;
        };
        // So many calls must drop out of the window first; one under way has not even ended.
        self.ended.get(excess - 1).map_or(now + length, |end| end + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// A small deterministic generator: tests need chance that can be repeated.
    fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
        let mut state = seed;
        move |sides| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        }
    }

    fn most_in_any(times: &[f64], length: f64) -> usize {
        let mut from = 0;
        let mut most = 0;
        for (to, &time) in times.iter().enumerate() {
            while times[from] <= time - length {
                from += 1;
            }
            most = most.max(to - from + 1);
        }
        most
    }

    #[test]
    fn never_over_either_limit_in_any_window_and_in_order() {
        for seed in 0..5 {
            let mut roll = dice(seed);
            let mut limiter = Limiter::new(Rates::default(), []);
            let (mut now, mut left, mut arrived) = (0.0, Vec::new(), 0);
            let mut waiting: VecDeque<(Ticket, usize)> = VecDeque::new();
            let mut running: Vec<f64> = Vec::new();
            let mut order = Vec::new();
            while order.len() < 10_000 {
                if arrived < 10_000 && roll(20) == 0 {
                    for _ in 0..roll(900) {
                        waiting.push_back((limiter.enter(now), arrived));
                        arrived += 1;
                    }
                }
                running.retain(|&end| {
                    let over = end <= now;
                    if over {
                        limiter.ended(now);
                    }
                    !over
                });
                let mut wait = 1_000.0_f64;
                while let Some(&(ticket, number)) = waiting.front() {
                    match limiter.poll(ticket, now) {
                        Turn::Go => {
                            left.push(now);
                            order.push(number);
                            running.push(now + roll(900) as f64);
                            waiting.pop_front();
                        }
                        Turn::Wait(milliseconds, _) => {
                            wait = wait.min(milliseconds);
                            break;
                        }
                        Turn::Closed(_) => panic!("nothing closed it"),
                    }
                }
                now += wait.max(1.0);
            }
            assert!(most_in_any(&left, 60_000.0) <= 480, "seed {seed}");
            assert!(most_in_any(&left, 3_600_000.0) <= 4_800, "seed {seed}");
            assert!(order.is_sorted(), "seed {seed}");
        }
    }

    fn full(per_minute: u32) -> Limiter {
        let rates = Rates { per_minute, ..Rates::default() };
        Limiter::new(rates, (0..per_minute).map(f64::from))
    }

    #[test]
    fn a_call_that_no_window_forbids_leaves_at_once() {
        let mut limiter = Limiter::new(Rates::default(), []);
        for _ in 0..480 {
            let ticket = limiter.enter(0.0);
            assert_eq!(limiter.poll(ticket, 5.0), Turn::Go);
            limiter.ended(5.0);
        }
        let ticket = limiter.enter(0.0);
        assert_eq!(limiter.poll(ticket, 5.0), Turn::Wait(60_000.0, 60_000.0));
        assert_eq!(limiter.poll(ticket, 60_005.0), Turn::Go);
    }

    #[test]
    fn a_call_counts_until_a_window_after_its_end() {
        let rates = Rates { per_minute: 1, ..Rates::default() };
        let mut limiter = Limiter::new(rates, []);
        let first = limiter.enter(0.0);
        assert_eq!(limiter.poll(first, 0.0), Turn::Go);
        let second = limiter.enter(0.0);
        assert_eq!(limiter.poll(second, 70_000.0), Turn::Wait(60_000.0, 60_000.0));
        limiter.ended(90_000.0);
        assert_eq!(limiter.poll(second, 100_000.0), Turn::Wait(50_000.0, 50_000.0));
        assert_eq!(limiter.poll(second, 150_000.0), Turn::Go);
    }

    #[test]
    fn one_that_gives_up_leaves_no_gap() {
        let mut limiter = full(2);
        let (first, second) = (limiter.enter(0.0), limiter.enter(0.0));
        assert_eq!(limiter.poll(first, 30.0), Turn::Wait(59_970.0, 59_970.0));
        assert_eq!(limiter.poll(second, 60_000.0), Turn::Wait(10.0, 10.0));
        limiter.leave(first);
        assert_eq!(limiter.poll(second, 60_000.0), Turn::Go);
    }

    #[test]
    fn later_ones_wait_behind_earlier_ones() {
        let mut limiter = full(1);
        let (first, second) = (limiter.enter(0.0), limiter.enter(0.0));
        assert_eq!(limiter.poll(first, 30.0), Turn::Wait(59_970.0, 59_970.0));
        assert_eq!(limiter.poll(second, 60_000.0), Turn::Wait(1_000.0, 60_000.0));
        assert_eq!(limiter.poll(first, 60_000.0), Turn::Go);
    }

    #[test]
    fn none_slips_past_one_whose_turn_it_is() {
        let mut limiter = Limiter::new(Rates::default(), []);
        limiter.close(0.0, 1_000.0);
        let (first, second) = (limiter.enter(0.0), limiter.enter(0.0));
        assert_eq!(limiter.poll(first, 0.0), Turn::Closed(1_000.0));
        assert_eq!(limiter.poll(second, 0.0), Turn::Closed(1_000.0));
        assert_eq!(limiter.poll(second, 1_000.0), Turn::Wait(10.0, 10.0));
        assert_eq!(limiter.poll(first, 1_001.0), Turn::Go);
        assert_eq!(limiter.poll(second, 1_010.0), Turn::Go);
    }

    #[test]
    fn one_that_is_late_by_a_second_is_passed() {
        let mut limiter = Limiter::new(Rates::default(), []);
        let (_late, second) = (limiter.enter(0.0), limiter.enter(0.0));
        assert_eq!(limiter.poll(second, 999.0), Turn::Wait(10.0, 10.0));
        assert_eq!(limiter.poll(second, 1_009.0), Turn::Go);
    }

    #[test]
    fn a_vanished_call_delays_no_other() {
        let rates = Rates { per_minute: 1, ..Rates::default() };
        let mut limiter = Limiter::new(rates, []);
        let gone = limiter.enter(0.0);
        assert_eq!(limiter.poll(gone, 0.0), Turn::Go);
        let waiting = [limiter.enter(0.0), limiter.enter(0.0)];
        assert_eq!(limiter.poll(waiting[0], 0.0), Turn::Wait(60_000.0, 60_000.0));
        // Neither the call nor the first waiter is ever heard of again.
        assert_eq!(limiter.poll(waiting[1], 3_600_000.0), Turn::Go);
    }

    #[test]
    fn closed_means_closed() {
        let mut limiter = Limiter::new(Rates::default(), []);
        limiter.close(0.0, 10_000.0);
        limiter.close(1_000.0, 4_000.0);
        let ticket = limiter.enter(0.0);
        assert_eq!(limiter.poll(ticket, 2_000.0), Turn::Closed(8_000.0));
        assert_eq!(limiter.poll(ticket, 10_000.0), Turn::Go);
    }

    #[test]
    fn it_opens_after_an_hour_whatever_the_crm_asks_for() {
        let mut limiter = Limiter::new(Rates::default(), []);
        limiter.close(0.0, f64::INFINITY);
        let ticket = limiter.enter(0.0);
        assert_eq!(limiter.poll(ticket, 0.0), Turn::Closed(3_600_000.0));
        assert_eq!(limiter.poll(ticket, 3_600_000.0), Turn::Go);
    }

    #[test]
    fn memory_grows_with_the_calls_and_not_with_the_limit() {
        let rates = Rates { per_minute: u32::MAX, per_hour: u32::MAX, ..Rates::default() };
        let mut limiter = Limiter::new(rates, []);
        for call in 0..100 {
            let ticket = limiter.enter(0.0);
            assert_eq!(limiter.poll(ticket, f64::from(call) * 3_600_000.0), Turn::Go);
            limiter.ended(f64::from(call) * 3_600_000.0);
        }
        assert!(limiter.ended.len() <= 2 && limiter.ended.capacity() < 64);
    }
}
