//! Lists whose envelope, first page number and end are not documented.

use crate::json::envelope::find;
use crate::json::value::Json;
use crate::text::parts;
use alloc::vec::Vec;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T, V = serde_json::Value> {
    /// The records, without those that an earlier page already gave.
    pub data: Vec<T>,
    /// The whole envelope, unchanged.
    pub body: V,
}

/// The array of records in a list's answer: the answer itself; else the first array under `data`,
/// the resource's name and the other usual names; then one level down in `data` or `result`; else
/// the only array there is. `key` overrides all that.
pub fn records<V: Json>(body: &V, resource: &str, key: Option<&str>) -> Option<V> {
    if let Some(key) = key {
        let names = parts(key, b'.');
        return names
            .into_iter()
            .try_fold(body.clone(), |value, name| value.member(name))
            .filter(V::is_array);
    }
    if body.is_array() {
        return Some(body.clone());
    }
    let names = ["data", resource, "docs", "items", "results", "records", "rows", "list"];
    find(body, &names, &["data", "result"], V::is_array).or_else(|| {
        let mut arrays = body.values().into_iter().filter(V::is_array);
        arrays.next().filter(|_| arrays.next().is_none())
    })
}

/// How many records there are in all, where the envelope says.
pub(crate) fn total<V: Json>(body: &V) -> Option<f64> {
    let number = |value: Option<V>| value.and_then(|value| value.number());
    number(body.member("total"))
        .or_else(|| number(body.member("totalCount")))
        .or_else(|| number(body.member("pagination")?.member("total")))
}

/// What tells a record from others: the FNV-1a hash of its `_id`, else of the whole of it. At a
/// million records the odds of one being taken for another are one in 37 million.
pub(crate) fn key<V: Json>(record: &V) -> u64 {
    hash(&record.member("_id").and_then(|id| id.string()).unwrap_or_else(|| record.print()))
}

/// What tells a text from others. Never 0.
pub(crate) fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // 0 stands for a free place.
    hash.max(1)
}

/// The records seen so far, each with the number of the last page it was seen on, from 1. A plain
/// open-addressed table, since any map of the library's would be the largest thing in the wasm.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    places: Vec<(u64, u32)>,
    count: u32,
}

impl Seen {
    /// Where a key stands or would stand. Never called without a free place.
    fn place(&self, key: u64) -> usize {
        let mask = self.places.len().wrapping_sub(1);
        let mut place = key as usize & mask;
        while self.places.get(place).is_some_and(|&(taken, _)| taken != 0 && taken != key) {
            place = (place + 1) & mask;
        }
        place
    }

    /// The page a key was last seen on, 0 for none.
    pub(crate) fn page(&self, key: u64) -> u32 {
        self.places.get(self.place(key)).map_or(0, |&(_, page)| page)
    }

    /// Notes the page a key was seen on and gives the one before, 0 for none.
    pub(crate) fn insert(&mut self, key: u64, page: u32) -> u32 {
        if self.count as usize * 2 >= self.places.len() {
            let room = (self.places.len() * 2).max(64);
            let old = core::mem::replace(&mut self.places, alloc::vec![(0, 0); room]);
            self.count = 0;
            for (key, page) in old.into_iter().filter(|&(key, _)| key != 0) {
                self.insert(key, page);
            }
        }
        let place = self.place(key);
        let Some(entry) = self.places.get_mut(place) else {
            return 0;
        };
        let before = core::mem::replace(entry, (key, page)).1;
        self.count += u32::from(before == 0);
        before
    }
}

/// Where a walk through a list stands.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Every record given so far, with the last page it was seen on.
    given: Seen,
    /// How many pages came so far.
    pages: u32,
    /// The number of all records, where the envelope says and can be trusted.
    total: Option<f64>,
    /// The number of the last page, once it is known.
    number: Option<u32>,
}

impl Walk {
    /// A walk that begins with this page; `number` is the one the caller gave.
    pub fn begin<V: Json>(body: &V, records: &[V], number: Option<u32>) -> Self {
        // A "total" no greater than the page is likely the page's own count.
        let total = total(body).filter(|&total| total > records.len() as f64);
        let mut given = Seen::default();
        for record in records {
            given.insert(key(record), 1);
        }
        Self { given, pages: 1, total, number }
    }

    /// Whether everything has been given: asked before the next page is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.given.count == 0
            || self.total.is_some_and(|total| f64::from(self.given.count) >= total)
    }

    /// The number of the next page, or `None` where it must first be found out how the CRM counts
    /// (`first`: the number of its first page).
    #[must_use]
    pub fn next(&self, first: Option<u32>) -> Option<u32> {
        self.number.or(first).map(|number| number.saturating_add(1))
    }

    /// Whether this page, asked for as number 1, is the first page again: then the CRM counts
    /// from 1. Records that arrived meanwhile may have pushed some of it out.
    pub fn is_first_page<V: Json>(&self, records: &[V]) -> bool {
        let known = records.iter().filter(|record| self.given.page(key(*record)) > 0).count();
        known * 2 >= self.given.count as usize
    }

    /// Takes the page of this number and gives those of its records that are new; `None` where
    /// each was on one of the last two pages: the list is at its end.
    pub fn take<V: Json>(&mut self, records: Vec<V>, number: u32) -> Option<Vec<V>> {
        let keys: Vec<u64> = records.iter().map(key).collect();
        let recent =
            |&key: &u64| self.given.page(key) > 0 && self.given.page(key) + 1 >= self.pages;
        if keys.iter().all(recent) {
            return None;
        }
        self.number = Some(number);
        self.pages += 1;
        let fresh = records.into_iter().zip(keys).filter_map(|(record, key)| {
            (self.given.insert(key, self.pages) == 0).then_some(record)
        });
        Some(fresh.collect())
    }
}
