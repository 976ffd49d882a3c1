//! Walking through a list page by page.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use crate::call::Call;
use crate::endpoint::Operation;
use crate::failure::Failure;
use crate::json::Node;
use crate::page::Walk;
use crate::run::{FailureOf, Run};
use crate::transport::{Answer, Json, Transport};

/// A list and where its reader stands in it.
#[derive(Debug)]
pub struct Pager<V> {
    pub(crate) operation: &'static Operation,
    query: String,
    stands: Stands<V>,
}

/// Where the reader stands.
#[derive(Debug)]
enum Stands<V> {
    /// Before the first page.
    Before,
    /// After the first page, whose records nobody has looked at yet: most readers want no more.
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
    /// The envelope as it came; `None` for an empty answer.
    pub body: Option<V>,
}

impl<V: Json> Pager<V> {
    /// A reader before the first page. `query` is a JSON object.
    #[must_use]
    pub fn new(operation: &'static Operation, query: Option<String>) -> Self {
        Self { operation, query: query.unwrap_or_else(|| "{}".into()), stands: Stands::Before }
    }

    /// The next page, or `None` after the last one. After a failure the same page can be asked
    /// for again.
    ///
    /// # Errors
    ///
    /// A call's, and a response error where the answer holds no list.
    pub async fn next<T: Transport>(
        &mut self,
        run: &Run<'_, T>,
    ) -> Result<Option<Found<V>>, FailureOf<T>>
    where
        T::Answer: Answer<Value = V>,
    {
        if let Stands::Before = self.stands {
            let first = fetch(self.operation, &self.query, run).await?;
            self.stands = Stands::First(first.clone());
            return Ok(Some(first));
        }
        if let Stands::First(first) = &self.stands {
            let page = Node::parse(&self.query).and_then(|query| query.member("page"));
            let page = page.and_then(|page| page.text().parse().ok());
            let items = first.records.items().unwrap_or_default();
            let body = first.body.as_ref().unwrap_or(&first.records);
            self.stands = Stands::Later(Walk::begin(body, &items, page));
        }
        let next = match &mut self.stands {
            Stands::Later(walk) if !walk.is_complete() => {
                later(self.operation, &self.query, walk, run).await?
            }
            _ => None,
        };
        if next.is_none() {
            self.stands = Stands::Over;
        }
        Ok(next)
    }
}

async fn later<V: Json, T: Transport>(
    operation: &Operation,
    query: &str,
    walk: &mut Walk,
    run: &Run<'_, T>,
) -> Result<Option<Found<V>>, FailureOf<T>>
where
    T::Answer: Answer<Value = V>,
{
    let page = async |number: u32| {
        let number = number.to_string();
        let query = Node::parse(query).map(|query| query.with("page", &number));
        let page: Found<V> = fetch(operation, &query.unwrap_or_default(), run).await?;
        let items = page.records.items().unwrap_or_default();
        Ok::<_, FailureOf<T>>((page, items))
    };
    let known = run.settings.first_page.or(run.shared.first_page.get());
    let mut number = walk.next(known).unwrap_or(1);
    let (mut found, mut items) = page(number).await?;
    if walk.next(known).is_none() {
        let from_one = walk.is_first_page(&items);
        run.shared.first_page.set(Some(u32::from(from_one)));
        if from_one {
            number = 2;
            (found, items) = page(number).await?;
        }
    }
    let all = items.len();
    Ok(walk.take(items, number).map(|fresh| {
        // The CRM's own array where nothing is left out of it.
        let records = if fresh.len() == all { found.records } else { V::array(fresh) };
        Found { records, body: found.body }
    }))
}

async fn fetch<V: Json, T: Transport>(
    operation: &Operation,
    query: &str,
    run: &Run<'_, T>,
) -> Result<Found<V>, FailureOf<T>>
where
    T::Answer: Answer<Value = V>,
{
    let call = Call::prepare(operation, &[], Some(query), run.settings).map_err(Failure::refused)?;
    let Some(body) = run.call(&call).await? else {
        return Ok(Found { records: V::array(Vec::new()), body: None });
    };
    let records = run.records(&call, &body).unwrap_or_else(|| V::array(Vec::new()));
    Ok(Found { records, body: Some(body) })
}
