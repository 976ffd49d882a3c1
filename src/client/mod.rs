//! The typed client for Rust callers.

pub mod error;
mod methods;
mod pages;
mod settings;

use crate::call::failure::{ErrorCode, Failure};
use crate::call::limiter::{Limiter, Rates};
use crate::call::machine::{CallMachine, Shared};
use crate::call::transport::{Response, Transport};
use crate::client::error::Error;
use crate::json::value::Json as _;
use crate::model::Object;
use crate::request::endpoint::{Method, Operation};
use crate::request::path::placeholders;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::CallSettings;
use crate::request::validate::{Issue, IssueCode};
use crate::sync::{Rc, RefCell};
use alloc::string::{String, ToString};
use alloc::vec;
pub use methods::{Batches, Customers, LeadActivities, LeadNotes, Leads, Opportunities};
pub use pages::Pages;
use serde::Serialize;
use serde_json::Value;
pub use settings::Settings;

/// A client of the CRM over a transport, with a method for each group of operations, as in `client.leads().create(…)`.
///
/// A clone shares the limiter and the creates under way. Outside wasm a client can be used from several threads.
#[cfg_attr(
    all(not(target_arch = "wasm32"), feature = "reqwest"),
    doc = r#"
```no_run
use icloud_ready::auth::Credential;
use icloud_ready::limiter::Rates;
use icloud_ready::model::{Lead, LeadInformation};
use icloud_ready::{Client, ReqwestTransport, Settings};

# async fn create(access_token: String) -> Result<(), Box<dyn std::error::Error>> {
let credential = Credential::AccessToken(access_token);
let transport = ReqwestTransport::new("https://api.icloud-ready.com/api/v2", credential)?;
let client = Client::new(transport, Settings::default(), Some(Rates::default()));
let person = LeadInformation {
    first_name: Some("Ahmed".into()),
    phone: Some("+201001234567".into()),
    ..LeadInformation::default()
};
let lead = Lead { lead_information: Some(person), ..Lead::default() };
let settings = Settings { submission_id: Some("form-2026-0001".into()), ..Settings::default() };
println!("created {:?}", client.with(settings).leads().create(&lead).await?.id);
# Ok(())
# }
```
"#
)]
#[derive(Clone, Debug)]
pub struct Client<T> {
    transport: T,
    shared: Rc<Shared>,
    settings: CallSettings,
}

impl<T: Transport> Client<T> {
    /// A client. `rates` is the rate limit, as in `Some(Rates::default())`; `None` disables it.
    #[must_use]
    pub fn new(transport: T, settings: Settings, rates: Option<Rates>) -> Self {
        let limiter = rates.map(|rates| RefCell::new(Limiter::new(rates, [])));
        let shared = Shared { limiter, creates: Some(Rc::default()), ..Shared::default() };
        let settings = settings.for_call(transport.credential_kind());
        Self { transport, shared: Rc::new(shared), settings }
    }

    /// A derived client with other settings. It shares the transport with its credential, and the limiter.
    #[must_use]
    pub fn with(&self, settings: Settings) -> Self
    where
        T: Clone,
    {
        let settings = settings.for_call(self.transport.credential_kind());
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
        let request = self.custom(method, path, params, query, body)?;
        let value = self
            .start(request)
            .drive(&self.transport)
            .await
            .map_err(|failure| Error::of(*failure, "request", &[method, " ", path].concat()))?;
        // Decoding into a `Value` cannot fail.
        Ok(value.and_then(|value| value.decode().ok()))
    }

    #[allow(clippy::result_large_err, reason = "it is created only if a call fails")]
    fn custom(
        &self,
        method: &str,
        path: &str,
        params: Option<&Object>,
        query: Option<&Object>,
        body: Option<&Value>,
    ) -> Result<PreparedRequest, Error> {
        let param = |name| match params?.get(name)? {
            Value::String(text) => Some(text.clone()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        };
        let argument = |index| placeholders(path).nth(index).and_then(param);
        let query = query.map(|object| Value::Object(object.clone()).to_string());
        let body = body.map(Value::to_string);
        let input = CallInput { argument: &argument, query: query.as_deref(), body };
        PreparedRequest::custom(method, path, input, &self.settings)
            .map_err(|issues| Error::invalid("request", issues))
    }

    fn start(&self, request: PreparedRequest) -> CallMachine<T::Response> {
        request.warnings.iter().for_each(|issue| self.transport.warn(issue));
        CallMachine::new(Rc::clone(&self.shared), self.settings.clone(), request)
    }
}

/// The input as JSON text.
#[allow(clippy::result_large_err, reason = "it is created only if a call fails")]
fn print(input: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(input).map_err(|_| {
        let issue = Issue::error("", IssueCode::Json, "cannot be serialized as JSON");
        Error::invalid("client", vec![issue])
    })
}

fn operation_error<R: Response>(failure: Failure<R>, operation: &Operation) -> Error {
    let route = [operation.method.name(), " ", operation.path].concat();
    Error::of(failure, &operation.full_name(), &route)
}

/// The error for a response that does not fit the operation's output type.
fn undecodable<R: Response>(operation: &Operation, attempts: u32) -> Error {
    let mut failure = Failure::<R>::new(ErrorCode::Response, None);
    failure.attempts = attempts;
    failure.ambiguous = operation.method != Method::Get;
    operation_error(*failure, operation)
}
