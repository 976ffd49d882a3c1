//! Whether reading the list of leads, most recent first, proves that a lead is absent. Without I/O: the
//! client and the outbox send the requests and compare the records.

/// How much earlier than the first attempt a record must have been created to count as older, in
/// milliseconds: the clocks of the CRM's servers may differ.
const CLOCK_MARGIN: f64 = 300_000.0;

/// One pass over the list, from the most recent lead towards the oldest one. It starts with zeros only,
/// which is the smallest code. The outbox stores it as JSON under its field names.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "forwarder", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct AbsenceProof {
    /// How many pages were read.
    pub(crate) pages: u32,
    /// How many different records they contained.
    count: u32,
    /// How many of them were on earlier pages.
    before: u32,
    /// The number of all records, if the CRM returns a plausible one; otherwise 0.
    total: f64,
    /// When the last three records were created, the most recent first.
    last: [f64; 3],
    /// Whether a record has no creation time, or is newer than an earlier one.
    is_disordered: bool,
    /// Whether any record has the field that contains submission ids.
    shows_field: bool,
    /// Whether a page repeated some records of an earlier one.
    overlaps: bool,
    /// Whether the last page was empty.
    is_over: bool,
    /// How many pages in a row contained nothing new.
    stale: u32,
    /// Whether there is no further page.
    pub(crate) has_ended: bool,
}

impl AbsenceProof {
    /// Adds a record of the current page: when it was created by the CRM's clock, in milliseconds since
    /// 1970 (NaN if unknown), and whether it has the field that contains submission ids. Records of
    /// earlier pages are not added again: new leads move others to the next page.
    pub(crate) fn add_record(&mut self, created_at: f64, has_field: bool) {
        let [_, second, third] = self.last;
        self.is_disordered |= !(created_at <= third || self.count == 0);
        // JSON has no NaN.
        self.last = [second, third, created_at.max(0.0)];
        self.count += 1;
        self.shows_field |= has_field;
    }

    /// Ends a page of this many records, including repeated ones. `total` is the number of all records as
    /// the CRM returns it.
    pub(crate) fn end_page(&mut self, records: u32, total: Option<f64>) {
        self.pages += 1;
        let fresh = self.count - self.before;
        self.before = self.count;
        // A "total" that does not exceed the first page is probably the page's own count.
        if let Some(total) = total
            && (self.total > 0.0 || self.pages == 1 && total > f64::from(records))
        {
            self.total = total;
        }
        self.overlaps |= fresh > 0 && fresh < records;
        self.is_over = records == 0;
        // Page 1 may be the page that was read first without a number, and many new leads move whole
        // pages.
        self.stale = if fresh > 0 { 0 } else { self.stale + 1 };
        self.has_ended = records == 0 || self.stale > 2;
    }

    /// The number of the next page; `None` for the first one, which is requested without a number.
    /// Page 1 is requested unless it is known to be the first, so it does not matter whether the CRM
    /// counts from 0 or 1.
    pub(crate) const fn next_page(&self, counts_from_one: bool) -> Option<u32> {
        match self.pages {
            0 => None,
            pages => Some(pages + counts_from_one as u32),
        }
    }

    /// Whether the pages prove that a lead that was not on them is absent. `has_older`: they contained
    /// two leads that were confirmed before the first attempt. `first_sent`: the time of the first
    /// attempt by the CRM's clock, or an earlier one; NaN if unknown.
    pub(crate) fn proves_absence(&self, has_older: bool, first_sent: f64) -> bool {
        let [third_last, ..] = self.last;
        let is_older = has_older || self.count > 2 && third_last < first_sent - CLOCK_MARGIN;
        // If records change their positions, an empty page does not prove that all were read, unless they
        // do so because new ones precede them.
        let is_complete = if self.total > 0.0 {
            f64::from(self.count) >= self.total
        } else {
            self.is_over && !(self.is_disordered && self.overlaps)
        };
        // In a list without the field the lead cannot be recognized.
        (self.shows_field || self.count == 0) && (is_older && !self.is_disordered || is_complete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: f64 = 60_000.0;
    /// When the lead was first sent, by the CRM's clock.
    const SENT: f64 = 1_000.0 * MINUTE;
    const FIRST_ATTEMPT: (bool, f64) = (false, SENT);
    const OLDER: (bool, f64) = (true, f64::NAN);
    const NOTHING: (bool, f64) = (false, f64::NAN);

    #[derive(Clone, Copy)]
    struct Record {
        created_at: f64,
        has_field: bool,
    }

    fn add(proof: &mut AbsenceProof, record: Record) {
        proof.add_record(record.created_at, record.has_field);
    }

    fn proves(proof: &AbsenceProof, (has_older, first_sent): (bool, f64)) -> bool {
        proof.proves_absence(has_older, first_sent)
    }

    /// A record created this many minutes before the first attempt.
    fn aged(minutes: f64) -> Record {
        Record { created_at: SENT - minutes * MINUTE, has_field: true }
    }

    fn read(pages: &[&[Record]]) -> AbsenceProof {
        with_total(pages, None)
    }

    fn with_total(pages: &[&[Record]], total: Option<f64>) -> AbsenceProof {
        let mut proof = AbsenceProof::default();
        for page in pages {
            page.iter().for_each(|&record| add(&mut proof, record));
            proof.end_page(page.len() as u32, total);
        }
        proof
    }

    #[test]
    fn two_leads_confirmed_before_the_first_attempt_are_proof() {
        assert!(proves(&read(&[&[aged(0.0), aged(0.0), aged(1.0)]]), OLDER));
        assert!(!proves(&read(&[&[aged(0.0), aged(0.0), aged(-1.0)]]), OLDER), "not in this order");
    }

    #[test]
    fn three_leads_created_long_before_the_first_attempt_are_proof() {
        let aged_list = |ages: &[f64]| {
            let records: Vec<Record> = ages.iter().map(|&age| aged(age)).collect();
            read(&[&records])
        };
        assert!(proves(&aged_list(&[-3.0, 1.0, 5.1, 5.2, 5.2]), FIRST_ATTEMPT));
        assert!(!proves(&aged_list(&[-3.0, 1.0, 4.9, 5.2, 5.2]), FIRST_ATTEMPT));
        assert!(!proves(&aged_list(&[9.0, 9.0]), FIRST_ATTEMPT));
        assert!(!proves(&aged_list(&[9.0, 9.0, 9.0]), NOTHING));
    }

    #[test]
    fn an_unordered_or_undated_list_proves_nothing_before_its_end() {
        let unsorted = [aged(7.0), aged(6.0), aged(8.0), aged(9.0), aged(9.0)];
        assert!(!proves(&read(&[&unsorted]), FIRST_ATTEMPT));
        let undated = Record { created_at: f64::NAN, ..aged(0.0) };
        let records = [aged(7.0), aged(7.0), undated, aged(8.0), aged(8.0), aged(8.0)];
        assert!(!proves(&read(&[&records]), FIRST_ATTEMPT));
        assert!(!proves(&read(&[&[undated, undated, undated]]), OLDER));
        assert!(!proves(&read(&[&[undated, aged(9.0), aged(9.0), aged(9.0)]]), OLDER));
    }

    #[test]
    fn the_end_of_the_list_is_proof() {
        assert!(proves(&read(&[&[aged(0.0)], &[]]), NOTHING));
        assert!(proves(&read(&[&[]]), NOTHING));
        assert!(proves(&with_total(&[&[aged(0.0)], &[aged(0.0)]], Some(2.0)), NOTHING));
        // The page's own count, an end that contradicts the total, and a repeated page.
        assert!(!proves(&with_total(&[&[aged(0.0)]], Some(1.0)), NOTHING));
        assert!(!proves(&with_total(&[&[aged(0.0)], &[]], Some(3.0)), NOTHING));
        let mut repeated = read(&[&[aged(0.0)], &[]]);
        repeated.end_page(1, None);
        assert!(!proves(&repeated, NOTHING));
        // Any order suffices, unless records change their positions: then only the total counts.
        let unsorted: [&[Record]; 2] = [&[aged(1.0), aged(0.0)], &[]];
        assert!(proves(&read(&unsorted), NOTHING));
        for (total, is_proof) in [(None, false), (Some(3.0), true)] {
            let mut shuffled = with_total(&[&[aged(1.0), aged(0.0)]], total);
            add(&mut shuffled, aged(2.0));
            shuffled.end_page(2, total);
            shuffled.end_page(0, total);
            assert_eq!(proves(&shuffled, NOTHING), is_proof);
        }
    }

    #[test]
    fn a_list_without_the_field_proves_nothing() {
        let hidden = Record { has_field: false, ..aged(9.0) };
        assert!(!proves(&read(&[&[hidden, hidden, hidden], &[]]), OLDER));
        assert!(proves(&read(&[&[hidden, aged(9.0), hidden]]), FIRST_ATTEMPT));
    }

    #[test]
    fn all_pages_are_requested_whatever_the_number_of_the_first() {
        let mut proof = AbsenceProof::default();
        let mut requested = Vec::new();
        for records in [2, 0, 2, 2] {
            requested.push(proof.next_page(false));
            (0..records).for_each(|_| add(&mut proof, aged(0.0)));
            proof.end_page(2, None);
            assert!(!proof.has_ended);
        }
        assert_eq!(requested, [None, Some(1), Some(2), Some(3)]);
        assert_eq!(proof.next_page(true), Some(5));
        // Pages with nothing new end the list without proving anything.
        for _ in 0..3 {
            assert!(!proof.has_ended);
            proof.end_page(2, None);
        }
        assert!(proof.has_ended && !proves(&proof, FIRST_ATTEMPT));
    }
}
