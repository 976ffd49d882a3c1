use std::sync::{Arc, Mutex};

use crate::api::credentials::Token;
use crate::api::faults::Faults;
use crate::api::limiter::Limiter;
use crate::api::request_log::RequestLog;
use crate::api::switches::Switches;
use crate::data::random::Random;
use crate::data::store::Store;
use crate::platforms::Platforms;
use crate::sync::lock;

/// The shared state of the sandbox's requests.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) store: Mutex<Store>,
    pub(crate) tokens: Mutex<Vec<Token>>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) platforms: Platforms,
    /// Ids, uids, tokens.
    pub(crate) random: Random,
    /// Faults have their own random numbers: they do not depend on created records.
    pub(crate) fault_random: Random,
    switches: Mutex<Arc<Switches>>,
    first: First,
}

/// The initial state, for a reset.
#[derive(Debug)]
pub(crate) struct First {
    pub(crate) switches: Switches,
    pub(crate) tokens: Vec<Token>,
    pub(crate) seed: u64,
}

impl State {
    pub(crate) fn new(store: Store, first: First) -> Self {
        Self {
            store: Mutex::new(store),
            tokens: Mutex::new(first.tokens.clone()),
            faults: Mutex::default(),
            limiter: Mutex::default(),
            log: Mutex::default(),
            platforms: Platforms::default(),
            // A reopened file already contains the ids of this seed.
            random: Random::new(first.seed ^ crate::data::clock::now()),
            fault_random: Random::new(first.seed),
            switches: Mutex::new(Arc::new(first.switches.clone())),
            first,
        }
    }

    pub(crate) fn switches(&self) -> Arc<Switches> {
        lock(&self.switches).clone()
    }

    pub(crate) fn set_switches(&self, switches: Switches) {
        let former = std::mem::replace(&mut *lock(&self.switches), Arc::new(switches));
        if former.limits != self.switches().limits {
            lock(&self.limiter).clear();
        }
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        let mut rules = lock(&self.faults);
        self.fault_random.restart(self.first.seed);
        *rules = faults;
    }

    /// Removes records, faults and log, and restores the initial tokens and switches.
    pub(crate) fn reset(&self) -> Result<(), rusqlite::Error> {
        self.set_faults(Faults::default());
        self.set_switches(self.first.switches.clone());
        lock(&self.limiter).clear();
        *lock(&self.tokens) = self.first.tokens.clone();
        lock(&self.store).clear()?;
        lock(&self.log).clear();
        self.platforms.clear();
        Ok(())
    }
}
