//! The typed client for Rust callers, with a method for each operation, generated from table 1.

pub mod error;
use crate::api::for_each_operation;
use crate::call::failure::{ErrorCode, Failure};
use crate::call::limiter::{Limiter, Rates};
use crate::call::machine::{CallMachine, Shared};
use crate::call::transport::{Response, Transport};
use crate::client::error::Error;
use crate::json::value::Json;
use crate::list::page::Page;
use crate::list::pager::{NextPage, PageData, Pager};
use crate::model::{
    Activity, Batch, Customer, Lead, ListQuery, Note, Object, ObjectOrArray, Opportunity,
};
use crate::request::endpoint::{self, Input, Method, Operation};
use crate::request::path::placeholders;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::Settings;
use crate::request::validate::{Issue, IssueCode};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use core::cell::RefCell;
use core::marker::PhantomData;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A client of the CRM over a transport.
#[derive(Clone, Debug)]
pub struct Client<T> {
    transport: T,
    shared: Rc<Shared>,
    settings: Settings,
}

impl<T: Transport> Client<T> {
    /// A client. `rates` is the rate limit, as in `Some(Rates::default())`; `None` disables it.
    #[must_use]
    pub fn new(transport: T, settings: Settings, rates: Option<Rates>) -> Self {
        let limiter = rates.map(|rates| RefCell::new(Limiter::new(rates, [])));
        let shared = Shared { limiter, creates: Some(Rc::default()), ..Shared::default() };
        Self { transport, shared: Rc::new(shared), settings }
    }

    /// A derived client with other settings. It shares the limiter.
    #[must_use]
    pub fn with(&self, settings: Settings) -> Self
    where
        T: Clone,
    {
        Self { transport: self.transport.clone(), shared: Rc::clone(&self.shared), settings }
    }

    /// Calls any other endpoint and returns the parsed body, `None` if it is empty. `params` are the
    /// values of the path's `{placeholders}`; `query` contains strings, numbers and booleans.
    ///
    /// # Errors
    ///
    /// A validation error before anything is sent; otherwise the error of the last attempt.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        params: Option<&Object>,
        query: Option<&Object>,
        body: Option<&Value>,
    ) -> Result<Option<Value>, Error> {
        let param = |name| match params?.get(name)? {
            Value::String(text) => Some(text.clone()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        };
        let argument = |index| placeholders(path).nth(index).and_then(param);
        let query = query.map(|object| Value::Object(object.clone()).to_string());
        let body = body.map(Value::to_string);
        let input =
            CallInput { argument: &argument, query: query.as_deref(), body: body.as_deref() };
        let to_error = |failure: Box<_>| Error::of::<T::Response>(*failure, "request", path);
        let request = PreparedRequest::custom(method, path, input, &self.settings)
            .map_err(|issues| Error::invalid("request", issues))?;
        let value = self.start(request).drive(&self.transport).await.map_err(to_error)?;
        // Decoding into a `Value` cannot fail.
        Ok(value.and_then(|value| value.decode().ok()))
    }

    /// Reads a list page by page. `list` is one of the operations in [`endpoint`] that return pages.
    #[must_use]
    pub fn pages<M: DeserializeOwned>(
        &self,
        list: &'static Operation,
        query: &ListQuery,
    ) -> Pages<'_, T, M> {
        Pages::new(self, list, print(query).ok())
    }

    fn start(&self, request: PreparedRequest) -> CallMachine<T::Response> {
        request.warnings.iter().for_each(|issue| self.transport.warn(issue));
        CallMachine::new(Rc::clone(&self.shared), self.settings.clone(), request)
    }
}

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages<'a, T: Transport, M> {
    client: &'a Client<T>,
    list: &'static Operation,
    pager: Pager<<T::Response as Response>::Value>,
    record: PhantomData<M>,
}

impl<'a, T: Transport, M: DeserializeOwned> Pages<'a, T, M> {
    fn new(client: &'a Client<T>, list: &'static Operation, query: Option<String>) -> Self {
        let pager = Pager::new(list.path, query, client.settings.items_key.clone());
        Self { client, list, pager, record: PhantomData }
    }

    /// The next page, or `None` after the last one.
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
            let body = call.drive(transport).await.map_err(|failure| to_error(*failure, list))?;
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

/// The input as JSON text.
#[allow(clippy::result_large_err, reason = "it is created only if a call fails")]
fn print(input: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(input).map_err(|_| {
        let issue = Issue::error("", IssueCode::Json, "cannot be serialized as JSON");
        Error::invalid("client", vec![issue])
    })
}

fn to_error<R: Response>(failure: Failure<R>, operation: &Operation) -> Error {
    Error::of(failure, &operation.full_name(), operation.path)
}

/// The error for a response that does not fit the operation's output type.
fn undecodable<R: Response>(operation: &Operation, attempts: u32) -> Error {
    let mut failure = Failure::<R>::new(ErrorCode::Response, None);
    failure.attempts = attempts;
    failure.ambiguous = operation.method != Method::Get;
    to_error(*failure, operation)
}

/// The output type of an operation.
trait CallOutput: Sized {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error>;
}

impl<M: DeserializeOwned> CallOutput for Option<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        // The operation determines which of the two is used.
        let (query, body) = (input.as_deref(), input.as_deref());
        let query = query.filter(|_| matches!(operation.input, Input::Query(_)));
        let argument = |index: usize| arguments.get(index).cloned().flatten();
        let input = CallInput { argument: &argument, query, body };
        let request = PreparedRequest::new(operation, input, &client.settings)
            .map_err(|issues| Error::invalid(&operation.full_name(), issues))?;
        let mut call = client.start(request);
        let value =
            call.drive(&client.transport).await.map_err(|failure| to_error(*failure, operation))?;
        let decoded = value.map(|value| value.decode()).transpose();
        decoded.map_err(|_| undecodable::<T::Response>(operation, call.request().attempt))
    }
}

impl<M: DeserializeOwned> CallOutput for Page<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        _: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        let first = Pages::new(client, operation, input).next().await?;
        first.ok_or_else(|| undecodable::<T::Response>(operation, 0))
    }
}

macro_rules! call_outputs {
    ($($model:ident)*) => {$(impl CallOutput for $model {
        async fn call<T: Transport>(
            client: &Client<T>,
            operation: &'static Operation,
            arguments: &[Option<String>],
            input: Option<String>,
        ) -> Result<Self, Error> {
            let record = Option::<Self>::call(client, operation, arguments, input).await?;
            record.ok_or_else(|| undecodable::<T::Response>(operation, 0))
        }
    })*};
}
call_outputs! { Lead Opportunity Batch Customer }

macro_rules! methods {
    ($(
        #[doc = $group_doc:literal]
        $accessor:ident $group:literal: $type:ident {
            $(
                #[doc = $doc:literal]
                $method:ident $name:literal = $verb:ident $path:literal ($($argument:ident),*)
                    $($parameter:ident: $input:ty)? => $output:ty;
            )*
        }
    )*) => {
        impl<T: Transport> Client<T> {
            $(
                #[doc = $group_doc]
                #[must_use]
                pub const fn $accessor(&self) -> $type<'_, T> {
                    $type { client: self }
                }
            )*
        }
        $(
            #[doc = $group_doc]
            #[derive(Clone, Copy, Debug)]
            pub struct $type<'a, T> {
                client: &'a Client<T>,
            }

            impl<T: Transport> $type<'_, T> {
                $(
                    #[doc = $doc]
                    ///
                    /// # Errors
                    ///
                    /// A validation error before anything is sent; afterwards what the answer, or
                    /// its absence, means.
                    pub async fn $method(
                        &self,
                        $($argument: &str,)*
                        $($parameter: &$input,)?
                    ) -> Result<$output, Error> {
                        let input = first([$(print($parameter)?)?]);
                        <$output as CallOutput>::call(
                            self.client,
                            &endpoint::$accessor::$method,
                            &[$(Some(String::from($argument))),*],
                            input,
                        ).await
                    }
                )*
            }
        )*
    };
}
for_each_operation!(methods);

/// The input, if there is one: an omitted optional body serializes as `null`.
fn first<const N: usize>(inputs: [String; N]) -> Option<String> {
    inputs.into_iter().next().filter(|text| text != "null")
}
