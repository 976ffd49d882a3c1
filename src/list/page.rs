//! Lists whose envelope, first page number and end are not documented.

use crate::json::envelope::find;
use crate::json::value::Json;
use crate::text::split;
use alloc::vec::Vec;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T, V = serde_json::Value> {
    /// The records, without those that an earlier page contained.
    pub data: Vec<T>,
    /// The whole envelope, unchanged.
    pub body: V,
}

/// The array of records in the response to a list: the response itself, or the first array under
/// `data`, the resource's name and other common names, then one level below in `data` or `result`,
/// then the only array in it. `key` overrides all that.
pub fn records<V: Json>(body: &V, resource: &str, key: Option<&str>) -> Option<V> {
    if let Some(key) = key {
        let names = split(key, b'.');
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

/// The number of all records, if the envelope contains it.
pub(crate) fn total<V: Json>(body: &V) -> Option<f64> {
    let number = |value: Option<V>| value.and_then(|value| value.number());
    number(body.member("total"))
        .or_else(|| number(body.member("totalCount")))
        .or_else(|| number(body.member("pagination")?.member("total")))
}

/// A record's key: the FNV-1a hash of its `_id`, or of the whole record. Among a million records the
/// probability of a collision is one in 37 million.
pub(crate) fn record_key<V: Json>(record: &V) -> u64 {
    hash(&record.member("_id").and_then(|id| id.string()).unwrap_or_else(|| record.print()))
}

/// The FNV-1a hash of a text. Never 0, which marks a free slot of [`SeenSet`].
pub(crate) fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.max(1)
}

/// The records seen so far, each with the number of the last page that contained it, from 1. An
/// open-addressed hash table, because the standard library's maps would be the largest code in the wasm.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeenSet {
    slots: Vec<(u64, u32)>,
    count: u32,
}

impl SeenSet {
    /// The slot of a key, or the free one where it would be inserted. There is always a free slot.
    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = key as usize & mask;
        while self.slots.get(slot).is_some_and(|&(taken, _)| taken != 0 && taken != key) {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The last page that contained a key, 0 for none.
    pub(crate) fn page(&self, key: u64) -> u32 {
        self.slots.get(self.slot(key)).map_or(0, |&(_, page)| page)
    }

    /// Sets the page of a key and returns the previous one, 0 for none.
    pub(crate) fn insert(&mut self, key: u64, page: u32) -> u32 {
        if self.count as usize * 2 >= self.slots.len() {
            let capacity = (self.slots.len() * 2).max(64);
            let old = core::mem::replace(&mut self.slots, alloc::vec![(0, 0); capacity]);
            self.count = 0;
            for (key, page) in old.into_iter().filter(|&(key, _)| key != 0) {
                self.insert(key, page);
            }
        }
        let slot = self.slot(key);
        let Some(entry) = self.slots.get_mut(slot) else {
            return 0;
        };
        let previous = core::mem::replace(entry, (key, page)).1;
        self.count += u32::from(previous == 0);
        previous
    }
}

/// The position in a list that is read page by page.
#[derive(Clone, Debug)]
pub struct PageCursor {
    /// Every record returned so far, with the last page that contained it.
    seen: SeenSet,
    /// How many pages were read.
    pages: u32,
    /// The number of all records, if the envelope contains it and it is plausible.
    total: Option<f64>,
    /// The number of the last page, once it is known.
    number: Option<u32>,
}

impl PageCursor {
    /// A cursor after the first page; `number` is its number if the caller specified one.
    pub fn new<V: Json>(body: &V, records: &[V], number: Option<u32>) -> Self {
        // A "total" that does not exceed the page is probably the page's own count.
        let total = total(body).filter(|&total| total > records.len() as f64);
        let mut seen = SeenSet::default();
        for record in records {
            seen.insert(record_key(record), 1);
        }
        Self { seen, pages: 1, total, number }
    }

    /// Whether all records were returned, so that no other page is needed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.seen.count == 0 || self.total.is_some_and(|total| f64::from(self.seen.count) >= total)
    }

    /// The number of the next page. `first` is the number of the CRM's first page; `None` as long as
    /// it is unknown whether the CRM counts from 0 or 1.
    #[must_use]
    pub fn next(&self, first: Option<u32>) -> Option<u32> {
        self.number.or(first).map(|number| number.saturating_add(1))
    }

    /// Whether this page, requested as number 1, repeats the first page: then the CRM counts from 1.
    /// New records may have moved some of its records to the next page.
    pub fn is_first_page<V: Json>(&self, records: &[V]) -> bool {
        let repeated =
            records.iter().filter(|record| self.seen.page(record_key(*record)) > 0).count();
        repeated * 2 >= self.seen.count as usize
    }

    /// Adds the page with this number and returns its new records. `None` at the end of the list: if
    /// each record was on one of the last two pages.
    pub fn add_page<V: Json>(&mut self, records: Vec<V>, number: u32) -> Option<Vec<V>> {
        let keys: Vec<u64> = records.iter().map(record_key).collect();
        let recent = |&key: &u64| self.seen.page(key) > 0 && self.seen.page(key) + 1 >= self.pages;
        if keys.iter().all(recent) {
            return None;
        }
        self.number = Some(number);
        self.pages += 1;
        let fresh = records
            .into_iter()
            .zip(keys)
            .filter_map(|(record, key)| (self.seen.insert(key, self.pages) == 0).then_some(record));
        Some(fresh.collect())
    }
}
