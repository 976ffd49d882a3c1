//! Lists that are read page by page.

use super::{Client, operation_error, undecodable};
use crate::call::transport::{Response, Transport};
use crate::client::error::Error;
use crate::json::value::Json;
use crate::list::page::Page;
use crate::list::pager::{NextPage, PageData, Pager};
use crate::request::endpoint::Operation;
use crate::request::prepared::{CallInput, PreparedRequest};
use alloc::string::String;
use core::marker::PhantomData;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A list that is read page by page, as in
/// [`leads().pages()`](crate::client::Leads::pages). Its records are those of its resource:
///
/// ```compile_fail,E0308
/// use icloud_ready::client::Pages;
/// use icloud_ready::model::{Batch, ListQuery};
/// use icloud_ready::{Client, transport::Transport};
///
/// fn batches<T: Transport>(client: &Client<T>) -> Pages<'_, T, Batch> {
///     client.leads().pages(&ListQuery::default())
/// }
/// ```
#[derive(Debug)]
pub struct Pages<'a, T: Transport, M> {
    client: &'a Client<T>,
    list: &'static Operation,
    pager: Pager<<T::Response as Response>::Value>,
    record: PhantomData<fn() -> M>,
}

impl<'a, T: Transport, M: DeserializeOwned> Pages<'a, T, M> {
    pub(super) fn new(
        client: &'a Client<T>,
        list: &'static Operation,
        query: Option<String>,
    ) -> Self {
        let pager = Pager::new(list.path, query, client.settings.items_key.clone());
        Self { client, list, pager, record: PhantomData }
    }

    /// The next page, or `None` after the last one. Records that an earlier page contained are left out.
    ///
    /// # Errors
    ///
    /// The same as those of the list operation. The next call requests the same page again.
    pub async fn next(&mut self) -> Result<Option<Page<M>>, Error> {
        let Client { transport, shared, settings } = self.client;
        let list = self.list;
        loop {
            let first = settings.first_page.or(shared.first_page.get());
            let Some(query) = self.pager.next_query(first) else {
                return Ok(None);
            };
            let input = CallInput { argument: &|_| None, query: Some(&query), body: None };
            let request = PreparedRequest::new(list, input, settings)
                .map_err(|issues| Error::invalid(&list.full_name(), issues))?;
            let mut call = self.client.start(request);
            let body =
                call.drive(transport).await.map_err(|failure| operation_error(*failure, list))?;
            match self.pager.on_response(body, &shared.first_page) {
                NextPage::Page(data) => {
                    let undecodable = || undecodable::<T::Response>(list, call.request().attempt);
                    return decode_page(&data).ok_or_else(undecodable).map(Some);
                }
                NextPage::Repeat => {}
                NextPage::End => return Ok(None),
            }
        }
    }
}

fn decode_page<V: Json, M: DeserializeOwned>(data: &PageData<V>) -> Option<Page<M>> {
    let body = data.body.as_ref().map_or(Ok(Value::Null), V::decode).ok()?;
    Some(Page { data: data.records.decode().ok()?, body })
}
