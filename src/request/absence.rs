//! What a walk through the list of leads, most recent first, proves about a lead that it does not
//! meet. Pure: the client and the outbox make the requests and compare the records.

/// A lead whose creation is proven by time is older than the first send by more than this, in
/// milliseconds: the CRM's clocks need not agree exactly.
const CLOCK_MARGIN: f64 = 300_000.0;

/// One walk, from the most recent lead towards the oldest one. It begins with nothing but zeros,
/// which is the smallest code.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "forwarder", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Walk {
    /// How many pages came so far.
    pub(crate) pages: u32,
    /// How many different records they had.
    count: u32,
    /// How many of them the earlier pages had.
    before: u32,
    /// The number of all records, if the CRM says it and can be believed; else 0.
    total: f64,
    /// When the last three records were created, the most recent first.
    last: [f64; 3],
    /// Whether a record does not say when it was created, or is newer than one before it.
    is_disordered: bool,
    /// Whether any record shows the field that carries submission ids.
    shows_field: bool,
    /// Whether a page had some of the records of an earlier one again.
    overlaps: bool,
    /// Whether an empty page came.
    is_over: bool,
    /// How many pages in a row had nothing new.
    stale: u32,
    /// Whether there is no other page.
    pub(crate) has_ended: bool,
}

impl Walk {
    /// Takes a record of the page that came: when it was created by the CRM's clock, in milliseconds
    /// since 1970 (NaN if that cannot be read), and whether it shows the field that carries
    /// submission ids. A record that an earlier page had is left out: new leads push others on to
    /// the next page.
    pub(crate) fn meet(&mut self, created_at: f64, has_field: bool) {
        let [_, second, third] = self.last;
        self.is_disordered |= !(created_at <= third || self.count == 0);
        // JSON has no NaN.
        self.last = [second, third, created_at.max(0.0)];
        self.count += 1;
        self.shows_field |= has_field;
    }

    /// Ends a page of so many records, repeated ones included. `total` is that of all records as the
    /// CRM says it.
    pub(crate) fn end_page(&mut self, records: u32, total: Option<f64>) {
        self.pages += 1;
        let fresh = self.count - self.before;
        self.before = self.count;
        // A "total" no greater than the first page is likely the page's own count.
        if let Some(total) = total
            && (self.total > 0.0 || self.pages == 1 && total > f64::from(records))
        {
            self.total = total;
        }
        self.overlaps |= fresh > 0 && fresh < records;
        self.is_over = records == 0;
        // Page 1 may be the page that came first without a number, and many new leads push whole
        // pages on.
        self.stale = if fresh > 0 { 0 } else { self.stale + 1 };
        self.has_ended = records == 0 || self.stale > 2;
    }

    /// The number of the page to ask for next; `None` for the first one, which is asked for without.
    /// Whether pages count from 0 or 1 need not be known: page 1 is asked for in any case, unless it
    /// is known to be the first.
    pub(crate) const fn next_page(&self, counts_from_one: bool) -> Option<u32> {
        match self.pages {
            0 => None,
            pages => Some(pages + counts_from_one as u32),
        }
    }

    /// Whether the walk proves that a lead which it did not meet is not in the CRM. `met_older`: it met
    /// two leads that the CRM was known to have before that one was first sent. `first_sent`: the
    /// CRM's clock was no earlier then; NaN if that is not known.
    pub(crate) fn proves_absence(&self, met_older: bool, first_sent: f64) -> bool {
        let [third_last, ..] = self.last;
        let is_older = met_older || self.count > 2 && third_last < first_sent - CLOCK_MARGIN;
        // Where records change their places an empty page is no proof that all were met, unless they
        // do so because new ones push them on.
        let met_all = if self.total > 0.0 {
            f64::from(self.count) >= self.total
        } else {
            self.is_over && !(self.is_disordered && self.overlaps)
        };
        // A list that shows the field of no record cannot tell whose records they are.
        (self.shows_field || self.count == 0) && (is_older && !self.is_disordered || met_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: f64 = 60_000.0;
    /// When the lead in question was first sent, by the CRM's clock.
    const SENT: f64 = 1_000.0 * MINUTE;
    const FIRST_SEND: (bool, f64) = (false, SENT);
    const OLDER: (bool, f64) = (true, f64::NAN);
    const NOTHING: (bool, f64) = (false, f64::NAN);

    #[derive(Clone, Copy)]
    struct Sighting {
        created_at: f64,
        has_field: bool,
    }

    fn meet(walk: &mut Walk, record: Sighting) {
        walk.meet(record.created_at, record.has_field);
    }

    fn proves(walk: &Walk, (met_older, first_sent): (bool, f64)) -> bool {
        walk.proves_absence(met_older, first_sent)
    }

    /// A record created so many minutes before the first send.
    fn aged(minutes: f64) -> Sighting {
        Sighting { created_at: SENT - minutes * MINUTE, has_field: true }
    }

    fn walk(pages: &[&[Sighting]]) -> Walk {
        totaled(pages, None)
    }

    fn totaled(pages: &[&[Sighting]], total: Option<f64>) -> Walk {
        let mut walk = Walk::default();
        for page in pages {
            page.iter().for_each(|&record| meet(&mut walk, record));
            walk.end_page(page.len() as u32, total);
        }
        walk
    }

    #[test]
    fn two_leads_confirmed_before_the_first_send_prove_it() {
        assert!(proves(&walk(&[&[aged(0.0), aged(0.0), aged(1.0)]]), OLDER));
        assert!(!proves(&walk(&[&[aged(0.0), aged(0.0), aged(-1.0)]]), OLDER), "not in this order");
    }

    #[test]
    fn three_leads_created_long_before_the_first_send_prove_it() {
        let met = |ages: &[f64]| {
            let records: Vec<Sighting> = ages.iter().map(|&age| aged(age)).collect();
            walk(&[&records])
        };
        assert!(proves(&met(&[-3.0, 1.0, 5.1, 5.2, 5.2]), FIRST_SEND));
        assert!(!proves(&met(&[-3.0, 1.0, 4.9, 5.2, 5.2]), FIRST_SEND));
        assert!(!proves(&met(&[9.0, 9.0]), FIRST_SEND));
        assert!(!proves(&met(&[9.0, 9.0, 9.0]), NOTHING));
    }

    #[test]
    fn a_list_without_order_or_dates_proves_nothing_before_its_end() {
        let unsorted = [aged(7.0), aged(6.0), aged(8.0), aged(9.0), aged(9.0)];
        assert!(!proves(&walk(&[&unsorted]), FIRST_SEND));
        let undated = Sighting { created_at: f64::NAN, ..aged(0.0) };
        let records = [aged(7.0), aged(7.0), undated, aged(8.0), aged(8.0), aged(8.0)];
        assert!(!proves(&walk(&[&records]), FIRST_SEND));
        assert!(!proves(&walk(&[&[undated, undated, undated]]), OLDER));
        assert!(!proves(&walk(&[&[undated, aged(9.0), aged(9.0), aged(9.0)]]), OLDER));
    }

    #[test]
    fn the_end_proves_it() {
        assert!(proves(&walk(&[&[aged(0.0)], &[]]), NOTHING));
        assert!(proves(&walk(&[&[]]), NOTHING));
        assert!(proves(&totaled(&[&[aged(0.0)], &[aged(0.0)]], Some(2.0)), NOTHING));
        // The page's own count, an end that the total denies, and a page that repeats.
        assert!(!proves(&totaled(&[&[aged(0.0)]], Some(1.0)), NOTHING));
        assert!(!proves(&totaled(&[&[aged(0.0)], &[]], Some(3.0)), NOTHING));
        let mut repeated = walk(&[&[aged(0.0)], &[]]);
        repeated.end_page(1, None);
        assert!(!proves(&repeated, NOTHING));
        // Any order will do, unless records change their places: then only a count of all will.
        let unsorted: [&[Sighting]; 2] = [&[aged(1.0), aged(0.0)], &[]];
        assert!(proves(&walk(&unsorted), NOTHING));
        for (total, is_proof) in [(None, false), (Some(3.0), true)] {
            let mut shuffled = totaled(&[&[aged(1.0), aged(0.0)]], total);
            meet(&mut shuffled, aged(2.0));
            shuffled.end_page(2, total);
            shuffled.end_page(0, total);
            assert_eq!(proves(&shuffled, NOTHING), is_proof);
        }
    }

    #[test]
    fn a_list_that_hides_the_field_proves_nothing() {
        let hidden = Sighting { has_field: false, ..aged(9.0) };
        assert!(!proves(&walk(&[&[hidden, hidden, hidden], &[]]), OLDER));
        assert!(proves(&walk(&[&[hidden, aged(9.0), hidden]]), FIRST_SEND));
    }

    #[test]
    fn pages_are_asked_for_whichever_number_the_first_has() {
        let mut walk = Walk::default();
        let mut asked = Vec::new();
        for records in [2, 0, 2, 2] {
            asked.push(walk.next_page(false));
            (0..records).for_each(|_| meet(&mut walk, aged(0.0)));
            walk.end_page(2, None);
            assert!(!walk.has_ended);
        }
        assert_eq!(asked, [None, Some(1), Some(2), Some(3)]);
        assert_eq!(walk.next_page(true), Some(5));
        // Pages with nothing new are the end of what can be seen, and no proof.
        for _ in 0..3 {
            assert!(!walk.has_ended);
            walk.end_page(2, None);
        }
        assert!(walk.has_ended && !proves(&walk, FIRST_SEND));
    }
}
