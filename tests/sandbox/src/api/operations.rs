//! The operations of the routes, for authorized callers.

use axum::http::StatusCode;
use serde_json::json;

use super::body;
use super::call::Call;
use super::credentials::{Caller, EMAIL, PASSWORD, Token};
use super::fields::{check_lead, merge, without_server_set};
use super::listing::Listing;
use super::parts;
use super::response::{ApiError, ApiResponse};
use super::shapes::{EmptyResponses, Envelope};
use super::switches::Switches;
use crate::data::clock;
use crate::data::defaults::{Creation, is_server_set};
use crate::data::record::{Record, raw};
use crate::data::resource::Resource;
use crate::data::store::Store;
use crate::state::State;
use crate::sync::lock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    List(Resource),
    Create(Resource),
    Retrieve(Resource),
    Update(Resource),
    Patch(Resource),
    Delete(Resource),
    Convert,
    /// A note or activity of a lead, in the lead's array with this name.
    CreatePart(&'static str),
    UpdatePart(&'static str),
    DeletePart(&'static str),
    CreateNoActivity,
    UpdateMultiple,
    SignIn,
}

/// Everything that an operation can access.
pub(crate) struct Context<'a> {
    pub(crate) state: &'a State,
    pub(crate) switches: &'a Switches,
    pub(crate) call: &'a Call,
}

impl Context<'_> {
    pub(crate) fn perform(
        &self,
        operation: Operation,
        caller: &Caller,
    ) -> Result<ApiResponse, ApiError> {
        match operation {
            Operation::List(resource) => self.list(resource),
            Operation::Create(resource) => self.create(resource, caller),
            Operation::Retrieve(resource) => self.retrieve(resource),
            Operation::Update(resource) => self.update(resource),
            Operation::Patch(resource) => self.patch(resource),
            Operation::Delete(resource) => self.delete(resource),
            Operation::Convert => self.convert(),
            Operation::CreatePart(array) => parts::create(self, array),
            Operation::UpdatePart(array) => parts::update(self, array),
            Operation::DeletePart(array) => parts::delete(self, array),
            Operation::CreateNoActivity => {
                let created = self.create(Resource::Opportunities, caller)?;
                Ok(self.emptied().unwrap_or(created))
            }
            Operation::UpdateMultiple => self.update_multiple(),
            // Requires no caller; listed only to make the match exhaustive.
            Operation::SignIn => self.sign_in(),
        }
    }

    fn list(&self, resource: Resource) -> Result<ApiResponse, ApiError> {
        let listing = Listing::new(&self.call.query, self.switches, clock::now())?;
        let store = lock(&self.state.store);
        let records = listing.project(store.list(resource, &listing)?);
        let Envelope::Object { path, total, extra } = &self.switches.envelope else {
            return Ok(ApiResponse::json(StatusCode::OK, &records));
        };
        let mut envelope = Record::default();
        for (name, value) in extra {
            envelope.set(name, value);
        }
        if let Some(path) = total {
            envelope.set_path(path, raw(&store.total(resource, &listing)?));
        }
        envelope.set_path(&path.replace("{resource}", resource.name()), raw(&records));
        Ok(ApiResponse::json(StatusCode::OK, &envelope))
    }

    fn create(&self, resource: Resource, caller: &Caller) -> Result<ApiResponse, ApiError> {
        let fields = self.body()?;
        if resource == Resource::Leads {
            check_lead(&fields)?;
        }
        let random = &self.state.random;
        let mut store = lock(&self.state.store);
        // Read while the store is locked: records are numbered in the order of their dates.
        let now = clock::now();
        let creation = Creation { resource, organization: &caller.organization, now, random };
        let visible_at = now + self.switches.commit_lag_ms;
        let records = store.create(resource, visible_at, [fields], |fields, number| {
            creation.record(fields, number)
        })?;
        drop(store);
        Ok(self.created(&records.into_iter().next().unwrap_or_default()))
    }

    fn retrieve(&self, resource: Resource) -> Result<ApiResponse, ApiError> {
        let record = lock(&self.state.store).get(resource, self.call.parameter(0))?;
        Ok(ApiResponse::json(StatusCode::OK, &record.ok_or_else(ApiError::not_found)?))
    }

    fn update(&self, resource: Resource) -> Result<ApiResponse, ApiError> {
        let sent = self.body()?;
        self.change(resource, |record| {
            record.retain(|name| is_server_set(resource, name));
            record.overlay(without_server_set(resource, sent));
        })
    }

    fn patch(&self, resource: Resource) -> Result<ApiResponse, ApiError> {
        let sent = self.body()?;
        self.change(resource, |record| {
            merge(resource, record, sent);
        })
    }

    fn convert(&self) -> Result<ApiResponse, ApiError> {
        // The meaning of the optional body is not documented.
        if let Some(value) = body::value(&self.call.headers, &self.call.body)? {
            Record::parse(value.get())
                .map_err(|_| ApiError::new(400, "The body is not a JSON object"))?;
        }
        self.change(Resource::Leads, |record| {
            record.set("converted", true);
        })
    }

    fn delete(&self, resource: Resource) -> Result<ApiResponse, ApiError> {
        let id = self.call.parameter(0);
        let store = lock(&self.state.store);
        let mut record = store.get(resource, id)?.ok_or_else(ApiError::not_found)?;
        if resource == Resource::Leads {
            record.set("deleted", true);
            record.set("deletedAt", clock::utc(clock::now()));
        }
        store.put(resource, id, &record, true)?;
        Ok(self.settled(&record))
    }

    fn update_multiple(&self) -> Result<ApiResponse, ApiError> {
        let changes = body::objects(&self.call.headers, &self.call.body)?;
        let resource = Resource::Opportunities;
        let store = lock(&self.state.store);
        let mut updated = Vec::new();
        for sent in changes {
            let id = sent.string("_id").unwrap_or_default();
            if let Some(mut record) = store.get(resource, &id)? {
                merge(resource, &mut record, sent);
                save(&store, resource, &id, &mut record)?;
                updated.push(id);
            }
        }
        Ok(self.settled(&json!({ "modifiedCount": updated.len(), "ids": updated })))
    }

    pub(crate) fn sign_in(&self) -> Result<ApiResponse, ApiError> {
        let body = self.body()?;
        let (Some(email), Some(password)) = (body.string("email"), body.string("password")) else {
            return Err(ApiError::new(400, "email and password are required"));
        };
        if email != EMAIL || password != PASSWORD {
            return Err(ApiError::new(401, "Unknown user or wrong password"));
        }
        let token = self.state.random.hex();
        lock(&self.state.tokens).push(Token::bearer(token.as_str()));
        let shape = &self.switches.signin_shape;
        let path = match &shape.parent {
            Some(parent) => format!("{parent}.{}", shape.key),
            None => shape.key.clone(),
        };
        let mut response = Record::default();
        response.set_path(&path, raw(&token));
        Ok(ApiResponse::json(StatusCode::OK, &response))
    }

    /// Reads the record in the path, changes it, stores it and returns it.
    fn change(
        &self,
        resource: Resource,
        change: impl FnOnce(&mut Record),
    ) -> Result<ApiResponse, ApiError> {
        let id = self.call.parameter(0);
        let store = lock(&self.state.store);
        let mut record = store.get(resource, id)?.ok_or_else(ApiError::not_found)?;
        change(&mut record);
        save(&store, resource, id, &mut record)?;
        Ok(self.settled(&record))
    }

    pub(crate) fn body(&self) -> Result<Record, ApiError> {
        body::object(&self.call.headers, &self.call.body)
    }

    pub(crate) fn created(&self, record: &Record) -> ApiResponse {
        let status = StatusCode::from_u16(self.switches.created_status).unwrap_or(StatusCode::OK);
        ApiResponse::json(status, record)
    }

    /// The response to a write that need not return a record.
    pub(crate) fn settled(&self, value: &impl serde::Serialize) -> ApiResponse {
        self.emptied().unwrap_or_else(|| ApiResponse::json(StatusCode::OK, value))
    }

    pub(crate) fn emptied(&self) -> Option<ApiResponse> {
        match self.switches.empty_responses {
            EmptyResponses::No => None,
            EmptyResponses::Ok => Some(ApiResponse::empty(StatusCode::OK)),
            EmptyResponses::NoContent => Some(ApiResponse::empty(StatusCode::NO_CONTENT)),
        }
    }
}

pub(crate) fn save(
    store: &Store,
    resource: Resource,
    id: &str,
    record: &mut Record,
) -> Result<(), rusqlite::Error> {
    record.set("updatedAt", clock::utc(clock::now()));
    store.put(resource, id, record, false)
}
