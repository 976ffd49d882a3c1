//! The typed client for Rust callers: a method for each operation, generated from table 1.

pub mod error;
use crate::api::for_each_operation;
use crate::call::failure::{Code, Failure};
use crate::call::limiter::{Limiter, Rates};
use crate::call::machine::{Run, Shared};
use crate::call::transport::{Answer, Transport};
use crate::client::error::Error;
use crate::json::value::Json;
use crate::list::page::Page;
use crate::list::pager::{Found, Pager, Turn};
use crate::model::{
    Activity, Batch, Customer, Lead, ListQuery, Note, Object, ObjectOrArray, Opportunity,
};
use crate::request::endpoint::{self, Input, Method, Operation};
use crate::request::path::placeholders;
use crate::request::prepared::{Call, Given};
use crate::request::settings::Settings;
use crate::request::validate::{self, Issue};
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
    /// A client. `rates` are the limits to keep under; `None` keeps under none.
    #[must_use]
    pub fn new(transport: T, settings: Settings, rates: Option<Rates>) -> Self {
        let limiter = rates.map(|rates| RefCell::new(Limiter::new(rates, [])));
        let shared = Shared { limiter, creates: Some(Rc::default()), ..Shared::default() };
        Self { transport, shared: Rc::new(shared), settings }
    }

    /// A sibling with other settings; it shares the limiter.
    #[must_use]
    pub fn with(&self, settings: Settings) -> Self
    where
        T: Clone,
    {
        Self { transport: self.transport.clone(), shared: Rc::clone(&self.shared), settings }
    }

    /// Calls any other endpoint. `params` fill the path's `{placeholders}`; `query` is a JSON
    /// object of strings, numbers and booleans.
    ///
    /// # Errors
    ///
    /// As every operation.
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
        let given = Given { argument: &argument, query: query.as_deref(), body: body.as_deref() };
        let told = |failure: Box<_>| Error::of::<T::Answer>(*failure, "request", path);
        let call = Call::custom(method, path, given, &self.settings)
            .map_err(|issues| Error::refused("request", issues))?;
        let value = self.run(call).drive(&self.transport).await.map_err(told)?;
        // Whatever it is, it is a value.
        Ok(value.and_then(|value| value.decode().ok()))
    }

    /// Reads a list page by page.
    #[must_use]
    pub fn pages<M: DeserializeOwned>(
        &self,
        list: &'static Operation,
        query: &ListQuery,
    ) -> Pages<'_, T, M> {
        Pages::new(self, list, print(query).ok())
    }

    fn run(&self, call: Call) -> Run<T::Answer> {
        call.warnings.iter().for_each(|issue| self.transport.warn(issue));
        Run::new(Rc::clone(&self.shared), self.settings.clone(), call)
    }
}

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages<'a, T: Transport, M> {
    client: &'a Client<T>,
    list: &'static Operation,
    pager: Pager<<T::Answer as Answer>::Value>,
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
    /// As every operation. The same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<M>>, Error> {
        let Client { transport, shared, settings } = self.client;
        let list = self.list;
        loop {
            let first = settings.first_page.or(shared.first_page.get());
            let Some(query) = self.pager.ask(first) else {
                return Ok(None);
            };
            let given = Given { argument: &|_| None, query: Some(&query), body: None };
            let call = Call::prepare(list, given, settings)
                .map_err(|issues| Error::refused(&list.full_name(), issues))?;
            let mut run = self.client.run(call);
            let body = run.drive(transport).await.map_err(|failure| told(*failure, list))?;
            match self.pager.take(body, &shared.first_page) {
                Turn::Page(found) => {
                    let undecodable = || undecodable::<T::Answer>(list, run.request().attempt);
                    return page(&found).ok_or_else(undecodable).map(Some);
                }
                Turn::Again => {}
                Turn::End => return Ok(None),
            }
        }
    }
}

fn page<V: Json, M: DeserializeOwned>(found: &Found<V>) -> Option<Page<M>> {
    let body = found.body.as_ref().map_or(Ok(Value::Null), V::decode).ok()?;
    Some(Page { data: found.records.decode().ok()?, body })
}

/// The JSON text of what is sent.
#[allow(clippy::result_large_err, reason = "it is made once, where a call has failed")]
fn print(input: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(input).map_err(|_| {
        let issue = Issue::error("", validate::Code::Json, "cannot be written as JSON");
        Error::refused("client", vec![issue])
    })
}

fn told<A: Answer>(failure: Failure<A>, operation: &Operation) -> Error {
    Error::of(failure, &operation.full_name(), operation.path)
}

/// The error that an answer is which the caller's type cannot hold.
fn undecodable<A: Answer>(operation: &Operation, attempts: u32) -> Error {
    let mut failure = Failure::<A>::new(Code::Response, None);
    failure.attempts = attempts;
    failure.ambiguous = operation.method != Method::Get;
    told(*failure, operation)
}

/// A type that an operation answers with.
trait Answered: Sized {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error>;
}

impl<M: DeserializeOwned> Answered for Option<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        // One or the other is read, as the operation has it.
        let (query, body) = (input.as_deref(), input.as_deref());
        let query = query.filter(|_| matches!(operation.input, Input::Query(_)));
        let argument = |index: usize| arguments.get(index).cloned().flatten();
        let given = Given { argument: &argument, query, body };
        let call = Call::prepare(operation, given, &client.settings)
            .map_err(|issues| Error::refused(&operation.full_name(), issues))?;
        let mut run = client.run(call);
        let value =
            run.drive(&client.transport).await.map_err(|failure| told(*failure, operation))?;
        let decoded = value.map(|value| value.decode()).transpose();
        decoded.map_err(|_| undecodable::<T::Answer>(operation, run.request().attempt))
    }
}

impl<M: DeserializeOwned> Answered for Page<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        _: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        let first = Pages::new(client, operation, input).next().await?;
        first.ok_or_else(|| undecodable::<T::Answer>(operation, 0))
    }
}

macro_rules! answered {
    ($($model:ident)*) => {$(impl Answered for $model {
        async fn call<T: Transport>(
            client: &Client<T>,
            operation: &'static Operation,
            arguments: &[Option<String>],
            input: Option<String>,
        ) -> Result<Self, Error> {
            let record = Option::<Self>::call(client, operation, arguments, input).await?;
            record.ok_or_else(|| undecodable::<T::Answer>(operation, 0))
        }
    })*};
}
answered! { Lead Opportunity Batch Customer }

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
                        <$output as Answered>::call(
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

/// What is sent, if anything is: an absent optional body prints as `null`.
fn first<const N: usize>(inputs: [String; N]) -> Option<String> {
    inputs.into_iter().next().filter(|text| text != "null")
}
