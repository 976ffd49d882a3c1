//! The state that calls share.

use super::CreateRegistry;
use crate::call::limiter::Limiter;
use crate::list::page::hash;
use crate::sync::{Cell, Rc, RefCell};
use alloc::string::String;

/// What a client shares with its derived clients.
#[derive(Debug, Default)]
pub struct Shared {
    /// The limiter, if any.
    pub limiter: Option<RefCell<Limiter>>,
    /// The number of a list's first page, once it is known.
    pub first_page: Cell<Option<u32>>,
    /// Whether a search has ever found a lead by its submission id.
    pub finds_by_id: Cell<bool>,
    /// Whether a list has ever shown a record with a submission id.
    pub lists_ids: Cell<bool>,
    /// The submission id of a lead that the CRM has.
    pub(crate) known_id: RefCell<String>,
    /// The submission ids of the two leads that were confirmed last, as hashes.
    pub(crate) confirmed: Cell<[u64; 2]>,
    /// The creates under way; `None` if creates with the same submission id are independent.
    pub creates: Option<Rc<CreateRegistry>>,
}

impl Shared {
    /// Whether a lead is known that the CRM has.
    #[cfg(feature = "forwarder")]
    pub(crate) fn knows_lead(&self) -> bool {
        !self.known_id.borrow().is_empty()
    }

    /// Records that the CRM has the lead with this submission id.
    pub fn record_confirmed(&self, id: &str) {
        let [_, newer] = self.confirmed.get();
        self.confirmed.set([newer, hash(id)]);
        *self.known_id.borrow_mut() = id.into();
    }
}
