use super::*;
use std::collections::VecDeque;

/// A small deterministic generator of random numbers.
fn rng(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

fn max_in_any_window(times: &[f64], length: f64) -> usize {
    let mut from = 0;
    let mut max = 0;
    for (to, &time) in times.iter().enumerate() {
        while times[from] <= time - length {
            from += 1;
        }
        max = max.max(to - from + 1);
    }
    max
}

#[test]
fn never_over_either_limit_in_any_window_and_in_order() {
    for seed in 0..5 {
        let mut random = rng(seed);
        let mut limiter = Limiter::new(Rates::default(), []);
        let (mut now, mut sent, mut arrived) = (0.0, Vec::new(), 0);
        let mut waiting: VecDeque<(Ticket, usize)> = VecDeque::new();
        let mut running: Vec<f64> = Vec::new();
        let mut order = Vec::new();
        while order.len() < 10_000 {
            if arrived < 10_000 && random(20) == 0 {
                for _ in 0..random(900) {
                    waiting.push_back((limiter.enqueue(now), arrived));
                    arrived += 1;
                }
            }
            running.retain(|&end| {
                let has_ended = end <= now;
                if has_ended {
                    limiter.release(now);
                }
                !has_ended
            });
            let mut wait = 1_000.0_f64;
            while let Some(&(ticket, number)) = waiting.front() {
                match limiter.poll(ticket, now) {
                    Poll::Ready => {
                        sent.push(now);
                        order.push(number);
                        running.push(now + random(900) as f64);
                        waiting.pop_front();
                    }
                    Poll::Wait(milliseconds, _) => {
                        wait = wait.min(milliseconds);
                        break;
                    }
                    Poll::Closed(_) => panic!("nothing closed it"),
                }
            }
            now += wait.max(1.0);
        }
        assert!(max_in_any_window(&sent, 60_000.0) <= 480, "seed {seed}");
        assert!(max_in_any_window(&sent, 3_600_000.0) <= 4_800, "seed {seed}");
        assert!(order.is_sorted(), "seed {seed}");
    }
}

fn full(per_minute: u32) -> Limiter {
    let rates = Rates { per_minute, ..Rates::default() };
    Limiter::new(rates, (0..per_minute).map(f64::from))
}

#[test]
fn a_request_that_no_window_forbids_is_sent_at_once() {
    let mut limiter = Limiter::new(Rates::default(), []);
    for _ in 0..480 {
        let ticket = limiter.enqueue(0.0);
        assert_eq!(limiter.poll(ticket, 5.0), Poll::Ready);
        limiter.release(5.0);
    }
    let ticket = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(ticket, 5.0), Poll::Wait(60_000.0, 60_000.0));
    assert_eq!(limiter.poll(ticket, 60_005.0), Poll::Ready);
}

#[test]
fn a_request_counts_until_a_window_after_its_end() {
    let rates = Rates { per_minute: 1, ..Rates::default() };
    let mut limiter = Limiter::new(rates, []);
    let first = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(first, 0.0), Poll::Ready);
    let second = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(second, 70_000.0), Poll::Wait(60_000.0, 60_000.0));
    limiter.release(90_000.0);
    assert_eq!(limiter.poll(second, 100_000.0), Poll::Wait(50_000.0, 50_000.0));
    assert_eq!(limiter.poll(second, 150_000.0), Poll::Ready);
}

#[test]
fn a_canceled_ticket_leaves_no_gap() {
    let mut limiter = full(2);
    let (first, second) = (limiter.enqueue(0.0), limiter.enqueue(0.0));
    assert_eq!(limiter.poll(first, 30.0), Poll::Wait(59_970.0, 59_970.0));
    assert_eq!(limiter.poll(second, 60_000.0), Poll::Wait(10.0, 10.0));
    limiter.cancel(first);
    assert_eq!(limiter.poll(second, 60_000.0), Poll::Ready);
}

#[test]
fn later_waiters_wait_behind_earlier_ones() {
    let mut limiter = full(1);
    let (first, second) = (limiter.enqueue(0.0), limiter.enqueue(0.0));
    assert_eq!(limiter.poll(first, 30.0), Poll::Wait(59_970.0, 59_970.0));
    assert_eq!(limiter.poll(second, 60_000.0), Poll::Wait(1_000.0, 60_000.0));
    assert_eq!(limiter.poll(first, 60_000.0), Poll::Ready);
}

#[test]
fn no_waiter_overtakes_one_that_is_due() {
    let mut limiter = Limiter::new(Rates::default(), []);
    limiter.close(0.0, 1_000.0);
    let (first, second) = (limiter.enqueue(0.0), limiter.enqueue(0.0));
    assert_eq!(limiter.poll(first, 0.0), Poll::Closed(1_000.0));
    assert_eq!(limiter.poll(second, 0.0), Poll::Closed(1_000.0));
    assert_eq!(limiter.poll(second, 1_000.0), Poll::Wait(10.0, 10.0));
    assert_eq!(limiter.poll(first, 1_001.0), Poll::Ready);
    assert_eq!(limiter.poll(second, 1_010.0), Poll::Ready);
}

#[test]
fn a_waiter_that_is_late_by_a_second_is_overtaken() {
    let mut limiter = Limiter::new(Rates::default(), []);
    let (_late, second) = (limiter.enqueue(0.0), limiter.enqueue(0.0));
    assert_eq!(limiter.poll(second, 999.0), Poll::Wait(10.0, 10.0));
    assert_eq!(limiter.poll(second, 1_009.0), Poll::Ready);
}

#[test]
fn a_dropped_call_delays_no_other() {
    let rates = Rates { per_minute: 1, ..Rates::default() };
    let mut limiter = Limiter::new(rates, []);
    let gone = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(gone, 0.0), Poll::Ready);
    let waiting = [limiter.enqueue(0.0), limiter.enqueue(0.0)];
    assert_eq!(limiter.poll(waiting[0], 0.0), Poll::Wait(60_000.0, 60_000.0));
    // Neither the call nor the first waiter ever polls again.
    assert_eq!(limiter.poll(waiting[1], 3_600_000.0), Poll::Ready);
}

#[test]
fn the_longer_closing_time_counts() {
    let mut limiter = Limiter::new(Rates::default(), []);
    limiter.close(0.0, 10_000.0);
    limiter.close(1_000.0, 4_000.0);
    let ticket = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(ticket, 2_000.0), Poll::Closed(8_000.0));
    assert_eq!(limiter.poll(ticket, 10_000.0), Poll::Ready);
}

#[test]
fn it_opens_after_an_hour_whatever_retry_after_says() {
    let mut limiter = Limiter::new(Rates::default(), []);
    limiter.close(0.0, f64::INFINITY);
    let ticket = limiter.enqueue(0.0);
    assert_eq!(limiter.poll(ticket, 0.0), Poll::Closed(3_600_000.0));
    assert_eq!(limiter.poll(ticket, 3_600_000.0), Poll::Ready);
}

#[test]
fn memory_grows_with_the_requests_and_not_with_the_limit() {
    let rates = Rates { per_minute: u32::MAX, per_hour: u32::MAX, ..Rates::default() };
    let mut limiter = Limiter::new(rates, []);
    for call in 0..100 {
        let ticket = limiter.enqueue(0.0);
        assert_eq!(limiter.poll(ticket, f64::from(call) * 3_600_000.0), Poll::Ready);
        limiter.release(f64::from(call) * 3_600_000.0);
    }
    assert!(limiter.ended.len() <= 2 && limiter.ended.capacity() < 64);
}
