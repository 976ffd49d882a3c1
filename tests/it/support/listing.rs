//! A CRM's list as a script: most recent first, in pages, in any envelope.

use super::fake::{Reply, Sent};
use icloud_ready::model::Lead;

/// The number of a record.
pub(crate) fn number(lead: &Lead) -> usize {
    lead.lead_number.expect("a number") as usize
}

/// The envelope of a page's records: text in which `@` is the array, `#` the number of all records
/// and `%` that of the page's records.
pub(crate) type Envelope = &'static str;

/// The list.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    /// The number of records; the latest has this number, the oldest 1.
    pub(crate) count: usize,
    pub(crate) envelope: Envelope,
    pub(crate) first_page: usize,
    pub(crate) default_limit: usize,
    pub(crate) cap: usize,
    pub(crate) ignores_limit: bool,
    pub(crate) ignores_page: bool,
    /// How many records are created before each page but the first.
    pub(crate) created_per_page: usize,
    /// Whether records have an `_id`.
    pub(crate) with_ids: bool,
}

impl Default for Listing {
    fn default() -> Self {
        Self {
            count: 10_000,
            envelope: "@",
            first_page: 1,
            default_limit: 20,
            cap: usize::MAX,
            ignores_limit: false,
            ignores_page: false,
            created_per_page: 0,
            with_ids: true,
        }
    }
}

impl Listing {
    /// The numbers of an iteration that returns each record once, in order.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        (1..=self.count).rev().collect()
    }

    /// The script of a server that has this list.
    pub(crate) fn script(mut self) -> impl FnMut(&Sent) -> Reply {
        let mut started = false;
        move |sent| {
            if std::mem::replace(&mut started, true) {
                self.count += self.created_per_page;
            }
            Reply::json(200, &self.page(&sent.target))
        }
    }

    fn page(&self, target: &str) -> String {
        let parameter = |name: &str| {
            let query = target.split_once('?')?.1;
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|pair| pair.0 == name)?.1.parse::<usize>().ok()
        };
        let limit = parameter("limit").filter(|_| !self.ignores_limit);
        let limit = limit.unwrap_or(self.default_limit).min(self.cap);
        let page = parameter("page").filter(|_| !self.ignores_page).unwrap_or(self.first_page);
        let skipped = page.saturating_sub(self.first_page) * limit;
        let records: Vec<String> = (1..=self.count)
            .rev()
            .skip(skipped)
            .take(limit)
            .map(|number| match self.with_ids {
                true => format!(r#"{{"_id":"{number:024x}","leadNumber":{number}}}"#),
                false => format!(r#"{{"leadNumber":{number}}}"#),
            })
            .collect();
        self.envelope
            .replace('#', &self.count.to_string())
            .replace('%', &records.len().to_string())
            .replace('@', &["[", &records.join(","), "]"].concat())
    }
}
