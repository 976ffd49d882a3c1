//! The typed client for Rust callers: a method for each operation, generated from table 1.

use alloc::string::String;
use alloc::string::ToString;
use alloc::boxed::Box;
use alloc::vec;
use crate::api::for_each_operation;
use crate::call::Call;
use crate::config::Settings;
use crate::endpoint::{self, Operation};
use crate::error::Error;
use crate::failure::Failure;
use crate::limiter::{Limiter, Rates};
use crate::model::{
    Activity, Batch, Customer, Lead, ListQuery, Note, Object, ObjectOrArray, Opportunity,
};
use crate::page::Page;
use crate::pager::{Found, Pager};
use crate::run::{Run, Shared, ValueOf};
use crate::transport::{Answer, Json, Transport};
use crate::validate::{Code, Issue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use core::cell::RefCell;
use core::marker::PhantomData;
use alloc::rc::Rc;

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
        Self { transport, shared: Rc::new(Shared { limiter, ..Shared::default() }), settings }
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
        let text = |object: &Object| Value::Object(object.clone()).to_string();
        let (params, query) = (params.map(text), query.map(text));
        let body = body.map(Value::to_string);
        let (params, query, body) = (params.as_deref(), query.as_deref(), body.as_deref());
        let told = |failure: Box<_>| Error::of::<T::Answer>(*failure, "request", path);
        let call = Call::custom(method, path, params, query, body, &self.settings)
            .map_err(|issues| Error::refused("request", issues))?;
        let value = self.run().call(&call).await.map_err(told)?;
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
        Pages { client: self, pager: Pager::new(list, print(query).ok()), record: PhantomData }
    }

    fn run(&self) -> Run<'_, T> {
        Run::new(&self.transport, &self.shared, &self.settings)
    }
}

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages<'a, T: Transport, M> {
    client: &'a Client<T>,
    pager: Pager<ValueOf<T>>,
    record: PhantomData<M>,
}

impl<T: Transport, M: DeserializeOwned> Pages<'_, T, M> {
    /// The next page, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As every operation. The same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<M>>, Error> {
        let run = self.client.run();
        let operation = self.pager.operation;
        let found = self.pager.next(&run).await.map_err(|failure| told(failure, operation))?;
        let undecodable = || told(run.undecodable(operation.method), operation);
        found.map(|found| page(&found).ok_or_else(undecodable)).transpose()
    }
}

fn page<V: Json, M: DeserializeOwned>(found: &Found<V>) -> Option<Page<M>> {
    let body = found.body.as_ref().map_or(Ok(Value::Null), V::decode).ok()?;
    Some(Page { data: found.records.decode().ok()?, body })
}

/// The JSON text of what is sent.
fn print(input: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(input).map_err(|_| {
        let issue = Issue::error("", Code::Json, "cannot be written as JSON");
        Error::refused("client", vec![issue])
    })
}

fn told<A: Answer>(failure: Box<Failure<A>>, operation: &Operation) -> Error {
    Error::of(*failure, &operation.full_name(), operation.path)
}

/// A type that an operation answers with.
trait Answered: Sized {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<&str>],
        input: Option<String>,
    ) -> Result<Self, Error>;
}

impl<M: DeserializeOwned> Answered for Option<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<&str>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        let call = Call::prepare(operation, arguments, input.as_deref(), &client.settings)
            .map_err(|issues| Error::refused(&operation.full_name(), issues))?;
        let run = client.run();
        let value = run.call(&call).await.map_err(|failure| told(failure, operation))?;
        let decoded = value.map(|value| value.decode()).transpose();
        decoded.map_err(|_| told(run.undecodable(operation.method), operation))
    }
}

impl<M: DeserializeOwned> Answered for Page<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        _: &[Option<&str>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        let run = client.run();
        let found = Pager::new(operation, input).next(&run).await;
        let found = found.map_err(|failure| told(failure, operation))?;
        let undecodable = || told(run.undecodable(operation.method), operation);
        found.as_ref().and_then(page).ok_or_else(undecodable)
    }
}

macro_rules! answered {
    ($($model:ident)*) => {$(impl Answered for $model {
        async fn call<T: Transport>(
            client: &Client<T>,
            operation: &'static Operation,
            arguments: &[Option<&str>],
            input: Option<String>,
        ) -> Result<Self, Error> {
            let record = Option::<Self>::call(client, operation, arguments, input).await?;
            record.ok_or_else(|| told(client.run().undecodable(operation.method), operation))
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
                            &[$(Some($argument)),*],
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
