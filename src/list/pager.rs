//! Reads a list page by page, without I/O: [`crate::client`] makes the calls. The npm package reads
//! lists in its facade, which takes a third of the bytes: `pkg-template/src/client/page-cursor.ts`.

use crate::json::Node;
use crate::json::value::Json;
use crate::list::page::{PageCursor, records};
use crate::sync::Cell;
use crate::text;
use alloc::string::String;
use alloc::vec::Vec;

/// A list and the position of its reader.
#[derive(Debug)]
pub struct Pager<V> {
    resource: &'static str,
    query: String,
    items_key: Option<String>,
    state: PagerState<V>,
    /// The number of the requested page, if it is known how the CRM counts.
    requested: Option<u32>,
}

#[derive(Debug)]
enum PagerState<V> {
    /// Before the first page.
    Before,
    /// After the first page. Its cursor is not created yet, because most callers read no further.
    First(PageData<V>),
    /// After a later page.
    Later(PageCursor),
    /// After the last page.
    End,
}

/// One page as values of the platform.
#[derive(Clone, Debug)]
pub struct PageData<V> {
    /// The records that no earlier page contained.
    pub records: V,
    /// The envelope, unchanged; `None` for an empty response.
    pub body: Option<V>,
}

/// What follows a response.
#[derive(Clone, Debug)]
pub enum NextPage<V> {
    /// A page.
    Page(PageData<V>),
    /// The first page was repeated, because the CRM counts from 1: request the next one.
    Repeat,
    /// The end of the list.
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
            state: PagerState::Before,
            requested: None,
        }
    }

    /// The query of the next request, or `None` after the last page. `first` is the number of the first
    /// page, if it is known. After a failed call it returns the same query again.
    pub fn next_query(&mut self, first: Option<u32>) -> Option<String> {
        let query = Node::parse(&self.query)?;
        if let PagerState::First(data) = &self.state {
            let page = query.member("page").and_then(|page| text::number(page.text()));
            let items = data.records.items().unwrap_or_default();
            let body = data.body.as_ref().unwrap_or(&data.records);
            self.state = PagerState::Later(PageCursor::new(body, &items, page));
        }
        match &self.state {
            PagerState::Before => Some(self.query.clone()),
            PagerState::Later(cursor) if !cursor.is_complete() => {
                self.requested = cursor.next(first);
                Some(query.with_member("page", &text::decimal(self.requested.unwrap_or(1))))
            }
            _ => {
                self.state = PagerState::End;
                None
            }
        }
    }

    /// Handles the response to the last query. Sets `first` to the number of the first page once it is
    /// known.
    pub fn on_response(&mut self, body: Option<V>, first: &Cell<Option<u32>>) -> NextPage<V> {
        let list =
            body.as_ref().and_then(|body| records(body, self.resource, self.items_key.as_deref()));
        let list = list.unwrap_or_else(|| V::array(Vec::new()));
        let PagerState::Later(cursor) = &mut self.state else {
            let data = PageData { records: list, body };
            self.state = PagerState::First(data.clone());
            return NextPage::Page(data);
        };
        let items = list.items().unwrap_or_default();
        if self.requested.is_none() {
            let from_one = cursor.is_first_page(&items);
            first.set(Some(u32::from(from_one)));
            if from_one {
                return NextPage::Repeat;
            }
        }
        let count = items.len();
        match cursor.add_page(items, self.requested.unwrap_or(1)) {
            // The array as it was received, if no record is left out.
            Some(fresh) if fresh.len() == count => NextPage::Page(PageData { records: list, body }),
            Some(fresh) => NextPage::Page(PageData { records: V::array(fresh), body }),
            None => {
                self.state = PagerState::End;
                NextPage::End
            }
        }
    }
}
