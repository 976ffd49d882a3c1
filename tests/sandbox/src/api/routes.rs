//! The vendor's routes, typed by hand in the reference's order: below `/api/v2`, one line each, for
//! comparison line by line.

use axum::http::Method;

use super::operations::Operation;
use crate::data::resource::Resource::{Batches, Customers, Leads, Opportunities};

#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// In the vendor's notation: `:id` is one segment.
    pub(crate) path: &'static str,
    pub(crate) operation: Operation,
}

const fn route(method: Method, path: &'static str, operation: Operation) -> Route {
    Route { method, path, operation }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

const NOTES: &str = "notes";
const ACTIVITIES: &str = "activityLog";

#[rustfmt::skip]
pub(crate) static ROUTES: [Route; 33] = [
    // Leads
    route(GET,    "/leads",                                  Operation::List(Leads)),
    route(POST,   "/leads",                                  Operation::Create(Leads)),
    route(GET,    "/leads/:id",                              Operation::Retrieve(Leads)),
    route(PUT,    "/leads/:id",                              Operation::Update(Leads)),
    route(PATCH,  "/leads/:id",                              Operation::Patch(Leads)),
    route(POST,   "/leads/:id/convert",                      Operation::Convert),
    route(DELETE, "/leads/deleted/:id",                      Operation::Delete(Leads)),
    route(POST,   "/leads/:leadid/notes",                    Operation::CreatePart(NOTES)),
    route(PUT,    "/leads/:leadid/notes/:noteid",            Operation::UpdatePart(NOTES)),
    route(DELETE, "/leads/:leadid/notes/:noteid",            Operation::DeletePart(NOTES)),
    route(POST,   "/leads/:leadid/activities",               Operation::CreatePart(ACTIVITIES)),
    route(PUT,    "/leads/:leadid/activities/:activityId",   Operation::UpdatePart(ACTIVITIES)),
    route(DELETE, "/leads/:leadid/activities/:activityId",   Operation::DeletePart(ACTIVITIES)),
    // Opportunities
    route(GET,    "/opportunities",                          Operation::List(Opportunities)),
    route(POST,   "/opportunities",                          Operation::Create(Opportunities)),
    route(GET,    "/opportunities/:id",                      Operation::Retrieve(Opportunities)),
    route(PUT,    "/opportunities/:id",                      Operation::Update(Opportunities)),
    route(PATCH,  "/opportunities/:id",                      Operation::Patch(Opportunities)),
    route(DELETE, "/opportunities/deleted/:id",              Operation::Delete(Opportunities)),
    route(POST,   "/opportunities/no-activity-opportunities", Operation::CreateNoActivity),
    route(PUT,    "/opportunities/multiple",                 Operation::UpdateMultiple),
    // Batches
    route(GET,    "/batches",                                Operation::List(Batches)),
    route(POST,   "/batches",                                Operation::Create(Batches)),
    route(GET,    "/batches/:id",                            Operation::Retrieve(Batches)),
    route(PUT,    "/batches/:id",                            Operation::Update(Batches)),
    route(PATCH,  "/batches/:id",                            Operation::Patch(Batches)),
    route(DELETE, "/batches/deleted/:id",                    Operation::Delete(Batches)),
    // Customers
    route(GET,    "/customers",                              Operation::List(Customers)),
    route(POST,   "/customers",                              Operation::Create(Customers)),
    route(GET,    "/customers/:id",                          Operation::Retrieve(Customers)),
    route(PUT,    "/customers/:id",                          Operation::Update(Customers)),
    route(PATCH,  "/customers/:id",                          Operation::Patch(Customers)),
    route(DELETE, "/customers/:id",                          Operation::Delete(Customers)),
];

/// Not in the reference but in the vendor's API overview.
pub(crate) static SIGN_IN: Route = route(POST, "/signin", Operation::SignIn);
