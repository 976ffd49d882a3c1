//! A lookup: the requests that find out whether the CRM has a lead.

use super::{Attempts, CallMachine, CallResult, CallStep, inconclusive};
use crate::call::transport::{Platform, Response};
use crate::json::value::Json;
use crate::list::page::{SeenSet, hash, record_key, total};
use crate::request::absence::AbsenceProof;
use crate::request::endpoint::{self, Method, Operation, Output};
use crate::request::path::{encode, fill};
use crate::request::prepared::{PreparedRequest, Submission};
use crate::request::settings::Reconcile;
use crate::request::submission::is_submission_id;
use crate::text::decimal;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// How many records that lack the field a lookup retrieves one by one.
const MAX_RETRIEVED: usize = 50;

/// How many pages of the list a lookup reads at most.
const MAX_PAGES: u32 = 10;

/// What a request of a lookup searches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LookupQuery {
    /// The lead, by its submission id.
    Id,
    /// The lead, by its telephone number.
    Phone,
    /// The next page of the most recent leads.
    Page,
    /// Another lead that the CRM is known to have, by its submission id: whether the search finds ids.
    KnownId,
}

/// A lookup under way.
#[derive(Debug)]
pub(in crate::call::machine) struct Lookup<R: Response> {
    /// The current request.
    pub(in crate::call::machine) attempts: Attempts<R>,
    /// The `Date` of the last response, NaN if it has none.
    pub(in crate::call::machine) date: f64,
    query: LookupQuery,
    /// The leads in the response.
    leads: Vec<R::Value>,
    /// How many of them were compared.
    compared: usize,
    /// How many leads were retrieved one by one.
    retrieved: usize,
    has_searched_phone: bool,
    /// Whether the search by id found nothing.
    is_id_unlisted: bool,
    /// Whether the lead is proven absent.
    is_proven: bool,
    /// The submission id of a lead that the CRM is known to have.
    known_id: String,
    proof: AbsenceProof,
    seen: SeenSet,
    /// How many leads on the pages were confirmed before the first attempt.
    older: u32,
    /// The number of all records, as the current page gives it.
    total: Option<f64>,
    /// Whether the current page repeats the first one.
    is_first_page_again: bool,
    /// Whether an earlier pass over several pages has proven the absence.
    is_second_pass: bool,
}

impl<R: Response> CallMachine<R> {
    pub(in crate::call::machine) fn start_lookup(
        &mut self,
        platform: &impl Platform<Response = R>,
    ) -> CallStep<R> {
        let lookup = Lookup {
            attempts: Attempts::new(get(&endpoint::leads::list, None)),
            date: f64::NAN,
            query: LookupQuery::Id,
            leads: Vec::new(),
            compared: 0,
            retrieved: 0,
            has_searched_phone: false,
            is_id_unlisted: false,
            is_proven: false,
            known_id: self.shared.known_id.borrow().clone(),
            proof: AbsenceProof::default(),
            seen: SeenSet::default(),
            older: 0,
            total: None,
            is_first_page_again: false,
            is_second_pass: false,
        };
        self.send_query(platform, Box::new(lookup))
    }

    fn send_query(
        &mut self,
        platform: &impl Platform<Response = R>,
        mut lookup: Box<Lookup<R>>,
    ) -> CallStep<R> {
        let Some(Submission { id, phone }) = &self.attempts.request.submission else {
            return self.enqueue(platform);
        };
        let (name, value) = match lookup.query {
            LookupQuery::Id => ("?q=", id.as_str()),
            LookupQuery::Phone => ("?q=", phone.as_str()),
            LookupQuery::KnownId => ("?q=", lookup.known_id.as_str()),
            LookupQuery::Page => ("?limit=", "50"),
        };
        let mut request = get(&endpoint::leads::list, None);
        request.target.push_str(name);
        encode(value, &mut request.target);
        if lookup.query == LookupQuery::Page {
            let first = self.settings.first_page.or(self.shared.first_page.get());
            if let Some(page) = lookup.proof.next_page(first == Some(1)) {
                request.target.push_str("&page=");
                request.target.push_str(&decimal(page));
            }
        }
        lookup.attempts = Attempts::new(request);
        self.lookup = Some(lookup);
        self.enqueue(platform)
    }

    /// Handles the result of a lookup's request.
    pub(in crate::call::machine) fn on_lookup(
        &mut self,
        platform: &impl Platform<Response = R>,
        mut lookup: Box<Lookup<R>>,
        result: CallResult<R>,
    ) -> CallStep<R> {
        let mut retrieved = match result {
            Ok(body) => body,
            Err(failure) => return self.finish_lookup(platform, Err(failure)),
        };
        if matches!(lookup.attempts.request.output, Output::Page(_)) {
            let body = retrieved.take();
            lookup.total = body.as_ref().and_then(total);
            let leads = body.and_then(|body| self.records(&lookup.attempts.request, &body));
            let leads = leads.and_then(|leads| leads.items()).unwrap_or_default();
            if lookup.query == LookupQuery::Id {
                // A CRM that does not search this field would always return nothing, and one that
                // ignores `q` something.
                lookup.is_id_unlisted = leads.is_empty();
                lookup.is_proven = lookup.is_id_unlisted && self.shared.finds_by_id.get();
            }
            // Page 1 may be the page that came first without a number, with leads created since.
            lookup.is_first_page_again = lookup.proof.pages == 1
                && leads.iter().any(|lead| lookup.seen.page(record_key(lead)) > 0);
            lookup.leads = leads;
            lookup.compared = 0;
        }
        let field = self.settings.submission_field;
        loop {
            let is_whole = retrieved.is_some();
            let Some(lead) =
                retrieved.take().or_else(|| lookup.leads.get(lookup.compared).cloned())
            else {
                return self.next_query(platform, lookup);
            };
            lookup.compared += usize::from(!is_whole);
            let id = field.id_in(&lead);
            let own = self.attempts.request.submission.as_ref().map(|submission| &submission.id);
            let is_page = lookup.query == LookupQuery::Page;
            if id.as_ref() == own {
                let finds = &self.shared.finds_by_id;
                finds.set(finds.get() || lookup.query == LookupQuery::Id);
                return self.finish_lookup(platform, Ok(Some(lead)));
            }
            if let Some(id) = id.as_ref().filter(|id| is_submission_id(id)) {
                self.shared.lists_ids.set(self.shared.lists_ids.get() || !is_whole);
                if lookup.query == LookupQuery::KnownId && *id == lookup.known_id {
                    self.shared.finds_by_id.set(true);
                    lookup.is_proven = lookup.is_id_unlisted;
                }
                // The oldest one of the page: a search index that lags has it first.
                if is_page {
                    lookup.known_id.clone_from(id);
                }
            }
            if is_page {
                if lookup.seen.insert(record_key(&lead), 1) == 0 && !lookup.is_first_page_again {
                    let created_at = lead.member("createdAt").and_then(|at| at.string());
                    let created_at = created_at.map_or(f64::NAN, |at| platform.timestamp(&at));
                    lookup.proof.add_record(created_at, id.is_some());
                    let hash = id.as_ref().map_or(1, |id| hash(id));
                    if self.confirmed_before.contains(&hash) {
                        lookup.older += 1;
                    }
                }
            } else if id.is_none() && !is_whole {
                // Lists may be projections: a record that lacks the field is retrieved and compared.
                lookup.retrieved += 1;
                let id = lead.member("_id").and_then(|id| id.string());
                if id.is_none() || lookup.retrieved > MAX_RETRIEVED {
                    return self.finish_lookup(platform, Err(inconclusive()));
                }
                lookup.attempts = Attempts::new(get(&endpoint::leads::retrieve, id));
                self.lookup = Some(lookup);
                return self.enqueue(platform);
            }
        }
    }

    /// Sends the next query of a lookup; after the last one, decides what they prove.
    fn next_query(
        &mut self,
        platform: &impl Platform<Response = R>,
        mut lookup: Box<Lookup<R>>,
    ) -> CallStep<R> {
        let is_full = self.settings.reconcile != Reconcile::Id;
        #[cfg(feature = "forwarder")]
        let is_short = self.settings.reconcile == Reconcile::FirstPage;
        #[cfg(not(feature = "forwarder"))]
        let is_short = false;
        // A lead sent just now may be in the list before the search finds it. One sent by an earlier
        // run is in both: for it, a search that is known to find ids is proof, so that is learned first.
        let is_rerun = self.unconfirmed.is_none() && !is_short;
        let mut is_enough = lookup.is_proven && (!is_full || is_rerun);
        let mut next = LookupQuery::Page;
        match lookup.query {
            LookupQuery::Id if is_full && !is_rerun => {}
            LookupQuery::Id => next = LookupQuery::KnownId,
            LookupQuery::Phone => lookup.has_searched_phone = true,
            LookupQuery::KnownId => is_enough = lookup.is_proven,
            LookupQuery::Page => {
                lookup.proof.end_page(lookup.leads.len() as u32, lookup.total);
                let is_single = lookup.proof.pages == 1 && !lookup.is_second_pass;
                let sent = lookup.date - (platform.now() - self.first_sent);
                if self.shared.lists_ids.get()
                    && lookup.proof.proves_absence(lookup.older > 1, sent)
                {
                    lookup.is_proven |= lookup.is_second_pass || lookup.proof.pages == 1;
                    // Deletions move records to pages already read, so a second pass must agree.
                    lookup.is_second_pass = true;
                    lookup.proof = AbsenceProof::default();
                    lookup.seen = SeenSet::default();
                    lookup.older = 0;
                } else if is_single {
                    next = LookupQuery::KnownId;
                }
                is_enough = lookup.is_proven;
            }
        }
        if next == LookupQuery::KnownId
            && (!lookup.is_id_unlisted
                || self.shared.finds_by_id.get()
                || lookup.known_id.is_empty())
        {
            next = LookupQuery::Page;
        }
        if next == LookupQuery::Page
            && is_full
            && !lookup.has_searched_phone
            && (!is_rerun || lookup.is_second_pass || lookup.proof.pages > 0)
        {
            next = LookupQuery::Phone;
        }
        let max_pages = if is_short { 1 } else { MAX_PAGES };
        let is_last = next == LookupQuery::Page
            && !(is_full && !lookup.proof.has_ended && lookup.proof.pages < max_pages);
        if is_enough || is_last {
            let result = if lookup.is_proven { Ok(None) } else { Err(inconclusive()) };
            return self.finish_lookup(platform, result);
        }
        lookup.query = next;
        self.send_query(platform, lookup)
    }
}

fn get(operation: &Operation, id: Option<String>) -> PreparedRequest {
    PreparedRequest {
        method: Method::Get,
        route: operation.path.into(),
        target: fill(operation.path, &|_| id.clone(), "", &mut Vec::new()),
        body: None,
        is_body_unchanged: true,
        output: operation.output,
        creates_lead: false,
        warnings: Vec::new(),
        submission: None,
    }
}
