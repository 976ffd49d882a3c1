//! What was asked of the API: never a header's value, never a body.

use std::collections::VecDeque;

use serde::Serialize;

/// The oldest entries give way beyond this many.
const CAPACITY: usize = 100_000;

/// Which credentials a request carried, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthenticationMode {
    None,
    Bearer,
    ApiKey,
    Both,
}

/// One request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// Counts from 1, and goes on when the log is emptied.
    pub seq: u64,
    /// Milliseconds since 1970 when the request had arrived whole.
    pub at_ms: u64,
    pub method: String,
    /// As the vendor writes it, `/leads/:id`; `None` if there is no such route.
    pub route: Option<&'static str>,
    /// Below `/api/v2`, as sent.
    pub path: String,
    /// As sent, without the question mark.
    pub query: Option<String>,
    pub auth: AuthenticationMode,
    /// The names of the headers sent, lower case, without their values.
    pub headers: Vec<String>,
    /// The kind of the fault that met it.
    pub fault: Option<&'static str>,
    /// What was answered; `None` while there is no answer, or if there never will be one.
    pub status: Option<u16>,
    /// The request id the answer carried.
    pub request_id: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LoggedRequest>,
    last: u64,
}

impl RequestLog {
    /// Adds an entry and gives its number.
    pub(crate) fn begin(&mut self, mut entry: LoggedRequest) -> u64 {
        self.last += 1;
        entry.seq = self.last;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.last
    }

    /// Notes the answer, unless the log was emptied meanwhile.
    pub(crate) fn finish(&mut self, seq: u64, status: u16, request_id: Option<String>) {
        let position = self.entries.partition_point(|entry| entry.seq < seq);
        if let Some(entry) = self.entries.get_mut(position).filter(|entry| entry.seq == seq) {
            entry.status = Some(status);
            entry.request_id = request_id;
        }
    }

    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
