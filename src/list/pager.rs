//! Walking through a list page by page: what to ask for next, and what an answer brings. Pure, so
//! that [`crate::client`], which makes the calls, does no more than that. The npm package reads its
//! lists in the facade, where that takes a third of the
//! bytes: `pkg-template/src/client/page-cursor.ts`.

use crate::json::Node;
use crate::json::value::Json;
use crate::list::page::{Walk, records};
use crate::text;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

/// A list and where its reader stands in it.
#[derive(Debug)]
pub struct Pager<V> {
    resource: &'static str,
    query: String,
    items_key: Option<String>,
    stands: Stands<V>,
    /// The number of the page that was asked for, where it is known what it will be.
    asked: Option<u32>,
}

/// Where the reader stands.
#[derive(Debug)]
enum Stands<V> {
    /// Before the first page.
    Before,
    /// After the first page, whose records have not been read yet: most callers read no further.
    First(Found<V>),
    /// After a later page.
    Later(Walk),
    /// After the last page.
    Over,
}

/// One page as the platform's values: its new records, and the whole envelope.
#[derive(Clone, Debug)]
pub struct Found<V> {
    /// The records that no earlier page gave.
    pub records: V,
    /// The envelope, unchanged; `None` for an empty response.
    pub body: Option<V>,
}

/// What an answer brings.
#[derive(Clone, Debug)]
pub enum Turn<V> {
    /// A page.
    Page(Found<V>),
    /// How the CRM counts its pages: ask once more.
    Again,
    /// Nothing new: the list is at its end.
    End,
}

impl<V: Json> Pager<V> {
    /// A reader before the first page of a list with this path. `query` is a JSON object.
    #[must_use]
    pub fn new(path: &'static str, query: Option<String>, items_key: Option<String>) -> Self {
        Self {
            resource: path.get(1..).unwrap_or(""),
            query: query.unwrap_or_else(|| "{}".into()),
            items_key,
            stands: Stands::Before,
            asked: None,
        }
    }

    /// The query to ask with next, or `None` after the last page. `first` is the number of a first
    /// page, where it is known. After a call that failed the same is asked again.
    pub fn ask(&mut self, first: Option<u32>) -> Option<String> {
        let query = Node::parse(&self.query)?;
        if let Stands::First(found) = &self.stands {
            let page = query.member("page").and_then(|page| text::number(page.text()));
            let items = found.records.items().unwrap_or_default();
            let body = found.body.as_ref().unwrap_or(&found.records);
            self.stands = Stands::Later(Walk::begin(body, &items, page));
        }
        match &self.stands {
            Stands::Before => Some(self.query.clone()),
            Stands::Later(walk) if !walk.is_complete() => {
                self.asked = walk.next(first);
                Some(query.with("page", &text::decimal(self.asked.unwrap_or(1))))
            }
            _ => {
                self.stands = Stands::Over;
                None
            }
        }
    }

    /// Takes the answer to what was asked. `first` is told the number of a first page once it is
    /// found out.
    pub fn take(&mut self, body: Option<V>, first: &Cell<Option<u32>>) -> Turn<V> {
        let list =
            body.as_ref().and_then(|body| records(body, self.resource, self.items_key.as_deref()));
        let list = list.unwrap_or_else(|| V::array(Vec::new()));
        let Stands::Later(walk) = &mut self.stands else {
            let found = Found { records: list, body };
            self.stands = Stands::First(found.clone());
            return Turn::Page(found);
        };
        let items = list.items().unwrap_or_default();
        if self.asked.is_none() {
            let from_one = walk.is_first_page(&items);
            first.set(Some(u32::from(from_one)));
            if from_one {
                return Turn::Again;
            }
        }
        let all = items.len();
        match walk.take(items, self.asked.unwrap_or(1)) {
            // The CRM's own array where nothing is left out of it.
            Some(fresh) if fresh.len() == all => Turn::Page(Found { records: list, body }),
            Some(fresh) => Turn::Page(Found { records: V::array(fresh), body }),
            None => {
                self.stands = Stands::Over;
                Turn::End
            }
        }
    }
}
