//! A method for each operation, generated from table 1.

use super::{Client, operation_error, print, undecodable};
use crate::api::for_each_operation;
use crate::call::transport::Transport;
use crate::client::error::Error;
use crate::client::pages::Pages;
use crate::json::value::Json as _;
use crate::list::page::Page;
use crate::model::{
    Activity, Batch, Customer, Lead, ListQuery, Note, Object, ObjectOrArray, Opportunity,
};
use crate::request::endpoint::{self, Input, Operation};
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::sync::SendOutsideWasm;
use alloc::string::String;
use core::future::Future;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The output type of an operation.
trait CallOutput: Sized {
    fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> impl Future<Output = Result<Self, Error>> + SendOutsideWasm;
}

impl<M: DeserializeOwned + SendOutsideWasm> CallOutput for Option<M> {
    async fn call<T: Transport>(
        client: &Client<T>,
        operation: &'static Operation,
        arguments: &[Option<String>],
        input: Option<String>,
    ) -> Result<Self, Error> {
        let request = prepare(client, operation, arguments, input)?;
        let mut call = client.start(request);
        let value = call
            .drive(&client.transport)
            .await
            .map_err(|failure| operation_error(*failure, operation))?;
        let decoded = value.map(|value| value.decode()).transpose();
        decoded.map_err(|_| undecodable::<T::Response>(operation, call.request().attempt))
    }
}

/// The request of an operation.
#[allow(clippy::result_large_err, reason = "it is created only if a call fails")]
fn prepare<T>(
    client: &Client<T>,
    operation: &'static Operation,
    arguments: &[Option<String>],
    input: Option<String>,
) -> Result<PreparedRequest, Error> {
    // The operation determines which of the two it is.
    let is_query = matches!(operation.input, Input::Query(_));
    let (query, body) = if is_query { (input, None) } else { (None, input) };
    let argument = |index: usize| arguments.get(index).cloned().flatten();
    let input = CallInput { argument: &argument, query: query.as_deref(), body };
    PreparedRequest::new(operation, input, &client.settings)
        .map_err(|issues| Error::invalid(&operation.full_name(), issues))
}

impl<M: DeserializeOwned + SendOutsideWasm> CallOutput for Page<M> {
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

macro_rules! records {
    ($($group:ident $accessor:ident $model:ident)*) => {$(
        impl CallOutput for $model {
            async fn call<T: Transport>(
                client: &Client<T>,
                operation: &'static Operation,
                arguments: &[Option<String>],
                input: Option<String>,
            ) -> Result<Self, Error> {
                let record = Option::<Self>::call(client, operation, arguments, input).await?;
                record.ok_or_else(|| undecodable::<T::Response>(operation, 0))
            }
        }

        impl<'a, T: Transport> $group<'a, T> {
            /// Reads the list page by page. Nothing is requested before the first
            /// [`next`](Pages::next).
            #[must_use]
            pub fn pages(self, query: &ListQuery) -> Pages<'a, T, $model> {
                Pages::new(self.client, &endpoint::$accessor::list, print(query).ok())
            }
        }
    )*};
}
records! {
    Leads leads Lead
    Opportunities opportunities Opportunity
    Batches batches Batch
    Customers customers Customer
}

macro_rules! method_name {
    (Get) => {
        "GET"
    };
    (Post) => {
        "POST"
    };
    (Put) => {
        "PUT"
    };
    (Patch) => {
        "PATCH"
    };
    (Delete) => {
        "DELETE"
    };
}

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
            #[derive(Debug)]
            pub struct $type<'a, T> {
                client: &'a Client<T>,
            }

            impl<T> Clone for $type<'_, T> {
                fn clone(&self) -> Self {
                    *self
                }
            }

            impl<T> Copy for $type<'_, T> {}

            impl<T: Transport> $type<'_, T> {
                $(
                    #[doc = $doc]
                    ///
                    #[doc = concat!("`", method_name!($verb), " ", $path, "`")]
                    ///
                    /// # Errors
                    ///
                    /// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) before anything is sent;
                    /// otherwise the error of the last attempt.
                    pub async fn $method(
                        self,
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
